"""Throughput of the providers beside raw OpenSSL, as a Markdown table: `.venv/bin/python crypto/bench`.

Raw is `openssl speed` of the machine, in the same run. Both are counted per second of CPU time, the best of three, so
that a busy machine changes little; the cloud's simulator is counted per second of the clock.
"""
import argparse
import functools
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from ctsp_crypto import KeyHandle, Secret, SymmetricKey  # noqa: E402
from ctsp_crypto.providers import known  # noqa: E402
from ctsp_crypto.providers.compatible import CompatibleProvider  # noqa: E402
from ctsp_crypto.providers.reference import ReferenceProvider  # noqa: E402
from ctsp_crypto.providers.standard import StandardProvider, libcrypto  # noqa: E402

KIB, MIB, ROW, BATCH = 1024, 1024 * 1024, 200, 1000
SLICE = 0.3  # seconds of one measurement
SIGN, VERIFY, MACS = "SM2 signature, 64 B", "SM2 verification, 64 B", "HMAC-SM3, rows of 200 B made"


def rate(work: Callable[[], object], amount: int = 1, clock: Callable[[], float] = time.process_time) -> float:
    """`amount` per second, the best of three slices."""
    work()
    best = 0.0
    for _ in range(3):
        count, started = 0, clock()
        while (spent := clock() - started) < SLICE:
            work()
            count += 1
        best = max(best, count * amount / spent)
    return best


def speed(*arguments: str) -> list[str]:
    """The result line of `openssl speed`, in fields; empty where this OpenSSL cannot do it."""
    done = subprocess.run(
        ["openssl", "speed", "-mr", "-seconds", "1", *arguments], capture_output=True, text=True, check=False)
    found = [line.split(":") for line in done.stdout.splitlines() if re.match(r"\+F\d*:", line)]
    return found[-1] if found and not done.returncode else []


def raw_speed(size: int, *arguments: str) -> float | None:
    """MB per second."""
    found = (speed("-bytes", str(size), *arguments) for _ in range(3))
    return max((float(fields[-1]) / 1e6 for fields in found if fields), default=None)


def raw_sm2(column: int) -> float | None:
    """Signatures or verifications per second; some versions print seconds per operation instead."""
    numbers = [float(fields[-2:][column]) for fields in (speed("sm2") for _ in range(3)) if fields]
    return max((number if number > 1 else 1 / number for number in numbers), default=None)


def symmetric_rows(provider):
    key, mac_key = SymmetricKey(Secret(known.SM4_KEY)), SymmetricKey(Secret(bytes(32)))
    for size, name in ((KIB, "1 KiB"), (MIB, "1 MiB")):
        yield from sized_rows(provider, key, mac_key, bytes(size), name)
    messages = [bytes((index % 251,)) * ROW for index in range(BATCH)]
    pairs = [(message, made.value) for message, made in zip(messages, provider.macs(mac_key, messages))]
    megabytes = raw_speed(ROW, "-hmac", "sm3")
    for name, work in ((MACS, lambda: provider.macs(mac_key, messages)),
                       ("HMAC-SM3, rows of 200 B verified", lambda: provider.verify_macs(mac_key, pairs))):
        yield name, "rows/s", rate(work, BATCH), megabytes and megabytes * 1e6 / ROW


def sized_rows(provider, key: SymmetricKey, mac_key: SymmetricKey, data: bytes, name: str):
    size = len(data)
    yield f"SM3, {name}", "MB/s", rate(lambda: provider.digest(data), size) / 1e6, raw_speed(size, "-evp", "sm3")
    yield (f"HMAC-SM3, {name}", "MB/s", rate(lambda: provider.mac(mac_key, data), size) / 1e6,
           raw_speed(size, "-hmac", "sm3"))
    for algorithm in ("SM4-CBC", "SM4-CTR", "SM4-GCM"):
        work = functools.partial(provider.encrypt, key, data, algorithm=algorithm)
        yield f"{algorithm}, {name}", "MB/s", rate(work, size) / 1e6, raw_speed(size, "-evp", algorithm.lower())


def sm2_rows(provider):
    key = known.private_key()
    message, signature = bytes(64), provider.sign(key, bytes(64)).value
    sealed = provider.encrypt_to(key.public, message).value
    yield SIGN, "ops/s", rate(lambda: provider.sign(key, message)), raw_sm2(0)
    yield VERIFY, "ops/s", rate(lambda: provider.verify(key.public, message, signature)), raw_sm2(1)
    yield "SM2 encryption, 64 B", "ops/s", rate(lambda: provider.encrypt_to(key.public, message)), None
    yield "SM2 decryption, 64 B", "ops/s", rate(lambda: provider.decrypt_with(key, sealed)), None


def other_rows():
    """The rest, as ratio to `standard` and to raw OpenSSL: their speed is that of a device or a network."""
    key = known.private_key()
    signature = StandardProvider().sign(key, bytes(64)).value
    for provider in (CompatibleProvider(), ReferenceProvider()):
        yield of(provider.name, SIGN), "ops/s", rate(functools.partial(provider.sign, key, bytes(64))), None
        yield of(provider.name, VERIFY), "ops/s", rate(
            functools.partial(provider.verify, key.public, bytes(64), signature)), None
    yield from device_rows()
    yield from cloud_rows()


def device_rows():
    import soft_device
    soft_device.control().SOFTSDF_Pair(50, key_bytes())
    provider, pair = soft_device.provider(), KeyHandle("pair:50")
    key = soft_device.wrapped(known.SM4_KEY)
    messages = [bytes(ROW)] * BATCH
    yield of("sdf (software device)", SIGN), "ops/s", rate(lambda: provider.sign(pair, bytes(64))), None
    yield of("sdf (software device)", MACS), "rows/s", rate(lambda: provider.macs(key, messages), BATCH), None
    provider.close()


def cloud_rows():
    from ctsp_crypto.providers.cloud import CloudProvider
    from simulator import Simulator
    from simulator.services import secret_key
    simulator, clock = Simulator(), time.perf_counter
    simulator.services.pairs["sign", 1] = known.private_key()
    simulator.services.symmetric["data", 1] = secret_key(known.SM4_KEY)
    provider = CloudProvider(simulator.service("signature"), simulator.service("data"))
    pair, key, messages = KeyHandle("sign"), KeyHandle("data"), [bytes(ROW)] * BATCH
    yield of("cloud (simulator), one per call", SIGN), "ops/s", rate(
        lambda: provider.sign(pair, bytes(64)), clock=clock), None
    yield of("cloud (simulator), 100 per call", SIGN), "ops/s", rate(
        lambda: provider.sign_many(pair, [bytes(64)] * 100), 100, clock), None
    yield of("cloud (simulator), a batch per call", MACS), "rows/s", rate(
        lambda: provider.macs(key, messages), BATCH, clock), None
    provider.close()
    simulator.close()


def of(provider: str, operation: str) -> str:
    return f"{provider}: {operation}"


def key_bytes() -> bytes:
    return known.private_key().secret.reveal()


def compared(name: str, unit: str, ours: float, baseline: float | None, before: dict) -> dict:
    """A row with its ratios; `before`: the rows of `standard`, by operation."""
    standard = before.get(name.rpartition(": ")[2], {"ours": ours, "raw": baseline})
    raw = baseline or standard["raw"]
    return {"what": name, "unit": unit, "ours": ours, "raw": raw, "to raw": raw and ours / raw,
            "to standard": ours / standard["ours"]}


def line(row: dict) -> str:
    raw = f"{row['raw']:,.0f} | {row['to raw']:.2f}" if row["raw"] else "– | –"
    return f"| {row['what']} | {row['ours']:,.0f} {row['unit']} | {raw} | {row['to standard']:.2f} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="crypto/bench", description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    options = parser.parse_args()
    standard = StandardProvider()
    print(f"SM2 by {libcrypto.version()}\n")
    print("| what | provider | raw OpenSSL | to raw | to standard |\n|---|---|---|---|---|")
    done: dict[str, dict] = {}
    for rows in (symmetric_rows(standard), sm2_rows(standard), other_rows()):
        for row in rows:
            done[row[0]] = compared(*row, done)
            print(line(done[row[0]]), flush=True)
    if options.json:
        options.json.write_text(json.dumps(list(done.values()), ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
