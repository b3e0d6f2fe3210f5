/** @odoo-module ignore */
/**
 * SM2 signatures with SM3 (GB/T 32918.2, GB/T 32905) for the software key of development: small and plain, not
 * constant in time. In production the key stays in its device and this file signs nothing.
 */
(function () {
    "use strict";
    const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
    const A = P - 3n;
    const B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;
    const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
    const G = [
        0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
        0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
    ];
    const IDENTITY = new TextEncoder().encode("1234567812345678");

    // ---- SM3
    const IV = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];
    const turn = (x, n) => ((x << n % 32) | (x >>> (32 - (n % 32)))) >>> 0;
    const p0 = (x) => (x ^ turn(x, 9) ^ turn(x, 17)) >>> 0;
    const p1 = (x) => (x ^ turn(x, 15) ^ turn(x, 23)) >>> 0;

    function padded(bytes) {
        const size = (((bytes.length + 8) >> 6) + 1) << 6;
        const block = new Uint8Array(size);
        block.set(bytes);
        block[bytes.length] = 0x80;
        new DataView(block.buffer).setUint32(size - 4, bytes.length * 8);
        return block;
    }

    function compress(state, block) {
        const view = new DataView(block.buffer, block.byteOffset, 64);
        const w = Array.from({ length: 68 }, (_x, i) => (i < 16 ? view.getUint32(i * 4) : 0));
        for (let i = 16; i < 68; i++) {
            w[i] = (p1(w[i - 16] ^ w[i - 9] ^ turn(w[i - 3], 15)) ^ turn(w[i - 13], 7) ^ w[i - 6]) >>> 0;
        }
        let [a, b, c, d, e, f, g, h] = state;
        for (let j = 0; j < 64; j++) {
            const early = j < 16;
            const s1 = turn((turn(a, 12) + e + turn(early ? 0x79cc4519 : 0x7a879d8a, j)) >>> 0, 7);
            const s2 = (s1 ^ turn(a, 12)) >>> 0;
            const ff = early ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
            const gg = early ? e ^ f ^ g : (e & f) | (~e & g);
            const t1 = (ff + d + s2 + ((w[j] ^ w[j + 4]) >>> 0)) >>> 0;
            const t2 = (gg + h + s1 + w[j]) >>> 0;
            [a, b, c, d, e, f, g, h] = [t1, a, turn(b, 9), c, p0(t2), e, turn(f, 19), g];
        }
        return [a, b, c, d, e, f, g, h].map((x, i) => (x ^ state[i]) >>> 0);
    }

    function sm3(...parts) {
        const all = Uint8Array.from(parts.flatMap((part) => [...part]));
        const blocks = padded(all);
        let state = IV;
        for (let start = 0; start < blocks.length; start += 64) {
            state = compress(state, blocks.subarray(start, start + 64));
        }
        return toBytes(state.reduce((sum, x) => (sum << 32n) | BigInt(x), 0n));
    }

    // ---- the curve
    const mod = (x, m) => ((x % m) + m) % m;
    function inverse(x, m) {
        let [r0, r1, s0, s1] = [m, mod(x, m), 0n, 1n];
        while (r1) {
            const q = r0 / r1;
            [r0, r1, s0, s1] = [r1, r0 - q * r1, s1, s0 - q * s1];
        }
        return mod(s0, m);
    }

    function add(p, q) {
        if (!p || !q) {
            return p || q;
        }
        if (p[0] === q[0] && mod(p[1] + q[1], P) === 0n) {
            return null;
        }
        const slope =
            p[0] === q[0]
                ? (3n * p[0] * p[0] + A) * inverse(2n * p[1], P)
                : (q[1] - p[1]) * inverse(q[0] - p[0], P);
        const x = mod(slope * slope - p[0] - q[0], P);
        return [x, mod(slope * (p[0] - x) - p[1], P)];
    }

    function times(k, point) {
        let sum = null;
        for (let rest = k, power = point; rest; rest >>= 1n, power = add(power, power)) {
            if (rest & 1n) {
                sum = add(sum, power);
            }
        }
        return sum;
    }

    const toHex = (x) => x.toString(16).padStart(64, "0");
    const toBytes = (x) => Uint8Array.from(toHex(x).match(/../g), (pair) => parseInt(pair, 16));
    const toNumber = (bytes) => BigInt("0x" + Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join(""));

    /** A number between 1 and n - 1, evenly drawn from the browser's own source. */
    function draw() {
        for (;;) {
            const k = toNumber(crypto.getRandomValues(new Uint8Array(32)));
            if (k > 0n && k < N) {
                return k;
            }
        }
    }

    /** Sign text with a private key (32 bytes); return r‖s, 64 bytes. */
    function sign(key, text) {
        const d = toNumber(key);
        const point = times(d, G);
        const length = [0, IDENTITY.length * 8];
        const za = sm3(length, IDENTITY, ...[A, B, ...G, ...point].map(toBytes));
        const e = toNumber(sm3(za, new TextEncoder().encode(text)));
        for (;;) {
            const k = draw();
            const r = mod(e + times(k, G)[0], N);
            const s = mod(inverse(1n + d, N) * (k - r * d), N);
            if (r && r + k !== N && s) {
                return Uint8Array.from([...toBytes(r), ...toBytes(s)]);
            }
        }
    }

    globalThis.CtspSm2 = { sign, sm3 };
})();
