/* A small software device behind GM/T 0018, for tests only: keys in memory, arithmetic by libcrypto.
 * Deliberately as unforgiving as hardware: a session used by two threads at once, an iv buffer that is written to,
 * handles of another process, missing access rights, foreign key handles are all errors.
 * SOFTSDF_* are the tests' way in; no device has them.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned char u8;
typedef unsigned int u32;

/* libcrypto, declared by hand: its headers need not be installed */
typedef struct evp_md_st EVP_MD;
typedef struct evp_md_ctx_st EVP_MD_CTX;
typedef struct evp_cipher_st EVP_CIPHER;
typedef struct evp_cipher_ctx_st EVP_CIPHER_CTX;
typedef struct evp_pkey_st EVP_PKEY;
typedef struct evp_pkey_ctx_st EVP_PKEY_CTX;
extern const EVP_MD *EVP_sm3(void);
extern EVP_MD_CTX *EVP_MD_CTX_new(void);
extern void EVP_MD_CTX_free(EVP_MD_CTX *);
extern int EVP_DigestInit_ex(EVP_MD_CTX *, const EVP_MD *, void *);
extern int EVP_DigestUpdate(EVP_MD_CTX *, const void *, size_t);
extern int EVP_DigestFinal_ex(EVP_MD_CTX *, u8 *, u32 *);
extern const EVP_CIPHER *EVP_sm4_ecb(void), *EVP_sm4_cbc(void), *EVP_sm4_ctr(void);
extern EVP_CIPHER_CTX *EVP_CIPHER_CTX_new(void);
extern void EVP_CIPHER_CTX_free(EVP_CIPHER_CTX *);
extern int EVP_CIPHER_CTX_set_padding(EVP_CIPHER_CTX *, int);
extern int EVP_CipherInit_ex(EVP_CIPHER_CTX *, const EVP_CIPHER *, void *, const u8 *, const u8 *, int);
extern int EVP_CipherUpdate(EVP_CIPHER_CTX *, u8 *, int *, const u8 *, int);
extern EVP_PKEY *d2i_AutoPrivateKey(EVP_PKEY **, const u8 **, long);
extern EVP_PKEY *d2i_PUBKEY(EVP_PKEY **, const u8 **, long);
extern int i2d_PUBKEY(EVP_PKEY *, u8 **);
extern void EVP_PKEY_free(EVP_PKEY *);
extern EVP_PKEY_CTX *EVP_PKEY_CTX_new_from_pkey(void *, EVP_PKEY *, const char *);
extern void EVP_PKEY_CTX_free(EVP_PKEY_CTX *);
extern int EVP_PKEY_sign_init(EVP_PKEY_CTX *), EVP_PKEY_verify_init(EVP_PKEY_CTX *);
extern int EVP_PKEY_encrypt_init(EVP_PKEY_CTX *), EVP_PKEY_decrypt_init(EVP_PKEY_CTX *);
extern int EVP_PKEY_sign(EVP_PKEY_CTX *, u8 *, size_t *, const u8 *, size_t);
extern int EVP_PKEY_verify(EVP_PKEY_CTX *, const u8 *, size_t, const u8 *, size_t);
extern int EVP_PKEY_encrypt(EVP_PKEY_CTX *, u8 *, size_t *, const u8 *, size_t);
extern int EVP_PKEY_decrypt(EVP_PKEY_CTX *, u8 *, size_t *, const u8 *, size_t);
extern int RAND_bytes(u8 *, int);

#define E(code) ((int)(0x01000000u + (code)))
enum { NOTSUPPORT = 2, COMMFAIL = 3, OPENSESSION = 6, PARDENY = 7, KEYNOTEXIST = 8, ALGNOTSUPPORT = 9, SKOPERR = 12,
       SIGNERR = 13, VERIFYERR = 14, SYMOPERR = 15, STEPERR = 16, ENCDATAERR = 22, RANDERR = 23, PRKRERR = 24,
       MACERR = 25, INARGERR = 29, OUTARGERR = 30 };
enum { PAIRS = 4096, KEKS = 4, KEYS = 512, SESSIONS = 64, WIDTH = 64, KEYMAX = 256, CALLMAX = 1 << 17 };

typedef struct { int open, busy, allowed[8]; EVP_MD_CTX *hash; u8 outer[64]; int hmac; } Session;
typedef struct { Session *owner; u32 size; u8 bytes[KEYMAX]; } Key;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct { int open; pid_t pid; u32 limit; } device = {0, 0, SESSIONS};
static Session sessions[SESSIONS];
static Key keys[KEYS];
static u8 pairs[PAIRS][32], pair_used[PAIRS], keks[KEKS][16], pins[8][32];
static u32 fail_code, fail_after, lie_about, overlaps, opened_devices, closed_devices;

static int enter(Session *s) {
    int code = 0;
    if (!device.open || device.pid != getpid()) return E(COMMFAIL);
    if (s < sessions || s >= sessions + SESSIONS || !s->open) return E(STEPERR);
    if (__sync_lock_test_and_set(&s->busy, 1)) { __sync_fetch_and_add(&overlaps, 1); return E(STEPERR); }
    pthread_mutex_lock(&lock);
    if (fail_code) { if (fail_after) fail_after--; else { code = fail_code; fail_code = 0; } }
    pthread_mutex_unlock(&lock);
    if (code) __sync_lock_release(&s->busy);
    return code;
}
#define LEAVE(code) do { __sync_lock_release(&s->busy); return (code); } while (0)
#define ENTER(handle) Session *s = (handle); { int entered = enter(s); if (entered) return entered; }

void SOFTSDF_Pair(u32 index, const u8 *d) { memcpy(pairs[index], d, 32); pair_used[index] = 1; }
void SOFTSDF_Kek(u32 index, const u8 *key) { memcpy(keks[index], key, 16); }
void SOFTSDF_Pin(u32 index, const char *pin) { strncpy((char *)pins[index], pin, 31); }
void SOFTSDF_Fail(u32 code, u32 after) { fail_code = code; fail_after = after; }
void SOFTSDF_Lie(u32 what) { lie_about = what; }
void SOFTSDF_Limit(u32 count) { device.limit = count; }
u32 SOFTSDF_Overlaps(void) { return overlaps; }
u32 SOFTSDF_Devices(u32 closed) { return closed ? closed_devices : opened_devices; }
u32 SOFTSDF_Sessions(void) { u32 n = 0; for (int i = 0; i < SESSIONS; i++) n += sessions[i].open; return n; }
u32 SOFTSDF_Keys(void) { u32 n = 0; for (int i = 0; i < KEYS; i++) n += keys[i].owner != NULL; return n; }

int SDF_OpenDevice(void **out) {
    pthread_mutex_lock(&lock);
    if (device.pid != getpid()) { memset(sessions, 0, sizeof sessions); memset(keys, 0, sizeof keys); device.open = 0; }
    device.open++; device.pid = getpid(); opened_devices++;
    pthread_mutex_unlock(&lock);
    *out = &device;
    return 0;
}
int SDF_CloseDevice(void *handle) {
    if (handle != &device || !device.open || device.pid != getpid()) return E(COMMFAIL);
    device.open--; closed_devices++;
    return 0;
}
int SDF_OpenSession(void *handle, void **out) {
    if (handle != &device || !device.open || device.pid != getpid()) return E(COMMFAIL);
    int code = E(OPENSESSION);
    pthread_mutex_lock(&lock);
    for (u32 i = 0; i < device.limit; i++) if (!sessions[i].open) {
        memset(&sessions[i], 0, sizeof(Session));
        sessions[i].open = 1; *out = &sessions[i]; code = 0;
        break;
    }
    pthread_mutex_unlock(&lock);
    return code;
}
int SDF_CloseSession(void *handle) {
    ENTER(handle)
    for (int i = 0; i < KEYS; i++) if (keys[i].owner == s) memset(&keys[i], 0, sizeof(Key));
    EVP_MD_CTX_free(s->hash); s->hash = NULL; s->open = 0;
    LEAVE(0);
}
int SDF_GetDeviceInfo(void *handle, u8 *out) {
    ENTER(handle)
    u32 versions[2] = {7, 2};
    memset(out, 0, 100);
    strcpy((char *)out, "CTSP"); strcpy((char *)out + 40, "softsdf"); strcpy((char *)out + 56, "2026010100100001");
    memcpy(out + 72, versions, 8);
    LEAVE(0);
}
int SDF_GenerateRandom(void *handle, u32 size, u8 *out) {
    ENTER(handle)
    LEAVE(size <= CALLMAX && RAND_bytes(out, (int)size) == 1 ? 0 : E(RANDERR));
}

/* key pairs */
static int usable(Session *s, u32 index) { return index >= 8 || !pins[index][0] || s->allowed[index]; }
int SDF_GetPrivateKeyAccessRight(void *handle, u32 index, const u8 *pin, u32 size) {
    ENTER(handle)
    if (index >= PAIRS || !pair_used[index]) LEAVE(E(KEYNOTEXIST));
    if (index < 8 && (size != strlen((char *)pins[index]) || memcmp(pin, pins[index], size))) LEAVE(E(PRKRERR));
    if (index < 8) s->allowed[index] = 1;
    LEAVE(0);
}
int SDF_ReleasePrivateKeyAccessRight(void *handle, u32 index) {
    ENTER(handle)
    if (index < 8) s->allowed[index] = 0;
    LEAVE(0);
}
static EVP_PKEY *private_key(u32 index) {
    static const u8 head[] = {0x30, 0x31, 2, 1, 1, 4, 0x20};
    static const u8 tail[] = {0xA0, 0x0A, 6, 8, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 1, 0x82, 0x2D};
    u8 der[51]; const u8 *p = der;
    if (index >= PAIRS || !pair_used[index]) return NULL;
    memcpy(der, head, 7); memcpy(der + 7, pairs[index], 32); memcpy(der + 39, tail, 12);
    return d2i_AutoPrivateKey(NULL, &p, sizeof der);
}
static EVP_PKEY *public_key(const u8 *blob) {
    static const u8 head[] = {0x30, 0x59, 0x30, 0x13, 6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1,
                              6, 8, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 1, 0x82, 0x2D, 3, 0x42, 0, 4};
    u8 der[91]; const u8 *p = der; u32 bits;
    memcpy(&bits, blob, 4);
    if (bits != 256) return NULL;
    memcpy(der, head, 27); memcpy(der + 27, blob + 4 + 32, 32); memcpy(der + 59, blob + 4 + 96, 32);
    return d2i_PUBKEY(NULL, &p, sizeof der);
}
static int export_public(void *handle, u32 index, u8 *out) {
    ENTER(handle)
    u8 der[128], *p = der; u32 bits = 256;
    EVP_PKEY *key = private_key(index);
    if (!key) LEAVE(E(KEYNOTEXIST));
    int size = i2d_PUBKEY(key, &p);
    EVP_PKEY_free(key);
    memset(out, 0, 4 + 2 * WIDTH); memcpy(out, &bits, 4);
    memcpy(out + 4 + 32, der + size - 64, 32); memcpy(out + 4 + 96, der + size - 32, 32);
    if (lie_about == 1) out[4] = 1;
    LEAVE(0);
}
int SDF_ExportSignPublicKey_ECC(void *handle, u32 index, u8 *out) { return export_public(handle, index, out); }
int SDF_ExportEncPublicKey_ECC(void *handle, u32 index, u8 *out) { return export_public(handle, index, out); }

/* DER, little of it */
static int put_number(u8 *out, const u8 *n, u32 size) {
    while (size > 1 && !*n) { n++; size--; }
    u32 pad = *n >> 7;
    out[0] = 2; out[1] = (u8)(size + pad); out[2] = 0;
    memcpy(out + 2 + pad, n, size);
    return (int)(2 + pad + size);
}
static int put_head(u8 *out, u8 tag, u32 size) {
    u32 count = size < 128 ? 0 : size < 256 ? 1 : size < 65536 ? 2 : 3;
    out[0] = tag; out[1] = (u8)(count ? 0x80 | count : size);
    for (u32 i = 0; i < count; i++) out[2 + i] = (u8)(size >> 8 * (count - 1 - i));
    return (int)(2 + count);
}
static const u8 *get(const u8 *p, u8 tag, u32 *size) {
    if (*p++ != tag) return NULL;
    *size = *p++;
    if (*size & 0x80) { u32 count = *size & 0x7F; for (*size = 0; count--;) *size = *size << 8 | *p++; }
    return p;
}
static const u8 *get_number(const u8 *p, u8 *out) {
    u32 size;
    if (!(p = get(p, 2, &size)) || size > 33) return NULL;
    const u8 *end = p + size;
    if (size == 33) { p++; size--; }
    memset(out, 0, WIDTH); memcpy(out + WIDTH - size, p, size);
    return end;
}
static int transform(EVP_PKEY *key, char what, const u8 *in, size_t size, u8 *out, size_t *room) {
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    int good = what == 's' ? EVP_PKEY_sign_init(c) == 1 && EVP_PKEY_sign(c, out, room, in, size) == 1
             : what == 'e' ? EVP_PKEY_encrypt_init(c) == 1 && EVP_PKEY_encrypt(c, out, room, in, size) == 1
                           : EVP_PKEY_decrypt_init(c) == 1 && EVP_PKEY_decrypt(c, out, room, in, size) == 1;
    EVP_PKEY_CTX_free(c);
    return good;
}
int SDF_InternalSign_ECC(void *handle, u32 index, const u8 *digest, u32 size, u8 *out) {
    ENTER(handle)
    u8 der[80]; size_t room = sizeof der; u32 whole; const u8 *p;
    if (size != 32) LEAVE(E(INARGERR));
    if (!usable(s, index)) LEAVE(E(PARDENY));
    EVP_PKEY *key = private_key(index);
    if (!key) LEAVE(E(KEYNOTEXIST));
    int good = transform(key, 's', digest, size, der, &room);
    EVP_PKEY_free(key);
    good = good && (p = get(der, 0x30, &whole)) && (p = get_number(p, out)) && get_number(p, out + WIDTH);
    if (lie_about == 2) memset(out, 0, WIDTH);
    LEAVE(good ? 0 : E(SIGNERR));
}
static int verify(EVP_PKEY *key, const u8 *digest, u32 size, const u8 *signature) {
    u8 body[80], der[84]; int n = put_number(body, signature, WIDTH);
    n += put_number(body + n, signature + WIDTH, WIDTH);
    int head = put_head(der, 0x30, (u32)n);
    memcpy(der + head, body, n);
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    int good = EVP_PKEY_verify_init(c) == 1 && EVP_PKEY_verify(c, der, (size_t)(head + n), digest, size) == 1;
    EVP_PKEY_CTX_free(c);
    return good;
}
int SDF_ExternalVerify_ECC(void *handle, u32 alg, const u8 *blob, const u8 *digest, u32 size, const u8 *signature) {
    ENTER(handle)
    if (alg != 0x00020200) LEAVE(E(ALGNOTSUPPORT));
    EVP_PKEY *key = public_key(blob);
    if (!key || size != 32) LEAVE(E(INARGERR));
    int good = verify(key, digest, size, signature);
    EVP_PKEY_free(key);
    LEAVE(good ? 0 : E(VERIFYERR));
}
int SDF_InternalVerify_ECC(void *handle, u32 index, const u8 *digest, u32 size, const u8 *signature) {
    ENTER(handle)
    EVP_PKEY *key = private_key(index);
    if (!key) LEAVE(E(KEYNOTEXIST));
    int good = verify(key, digest, size, signature);
    EVP_PKEY_free(key);
    LEAVE(good ? 0 : E(VERIFYERR));
}
static int encrypt(EVP_PKEY *key, const u8 *in, u32 size, u8 *out) {
    size_t room = size + 160; u8 *der = malloc(room); u32 n; const u8 *p;
    do {
        room = size + 160;
        if (!transform(key, 'e', in, size, der, &room)) { p = NULL; break; }
        p = get_number(get_number(get(der, 0x30, &n), out), out + WIDTH);
        p = get(p, 4, &n); memcpy(out + 2 * WIDTH, p, 32);
        p = get(p + 32, 4, &n); memcpy(out + 2 * WIDTH + 32, &n, 4); memcpy(out + 2 * WIDTH + 36, p, n);
    } while (size < 16 && !memcmp(p, in, size));
    free(der); EVP_PKEY_free(key);
    if (lie_about == 3) out[2 * WIDTH - 1] ^= 1;
    return p ? 0 : E(SKOPERR);
}
int SDF_ExternalEncrypt_ECC(void *handle, u32 alg, const u8 *blob, const u8 *in, u32 size, u8 *out) {
    ENTER(handle)
    if (alg != 0x00020800) LEAVE(E(ALGNOTSUPPORT));
    EVP_PKEY *key = public_key(blob);
    LEAVE(key ? encrypt(key, in, size, out) : E(INARGERR));
}
static int decrypt(u32 index, const u8 *blob, u8 *out, u32 *size) {
    u32 length; memcpy(&length, blob + 2 * WIDTH + 32, 4);
    u8 *body = malloc(length + 160), *der = malloc(length + 160); int n;
    n = put_number(body, blob, WIDTH); n += put_number(body + n, blob + WIDTH, WIDTH);
    n += put_head(body + n, 4, 32); memcpy(body + n, blob + 2 * WIDTH, 32); n += 32;
    n += put_head(body + n, 4, length); memcpy(body + n, blob + 2 * WIDTH + 36, length); n += (int)length;
    int head = put_head(der, 0x30, (u32)n); memcpy(der + head, body, n);
    EVP_PKEY *key = private_key(index);
    size_t room = length + 32; u8 *plain = malloc(room);
    int good = key && transform(key, 'd', der, (size_t)(head + n), plain, &room) && room <= *size;
    good = good && memcmp(plain, blob + 2 * WIDTH + 36, length);
    if (good) { memcpy(out, plain, room); *size = (u32)room; }
    EVP_PKEY_free(key); free(plain); free(body); free(der);
    return good;
}
int SDF_InternalDecrypt_ECC(void *handle, u32 index, u32 alg, const u8 *blob, u8 *out, u32 *size) {
    ENTER(handle)
    if (alg != 0x00020800) LEAVE(E(ALGNOTSUPPORT));
    if (!usable(s, index)) LEAVE(E(PARDENY));
    if (index >= PAIRS || !pair_used[index]) LEAVE(E(KEYNOTEXIST));
    LEAVE(decrypt(index, blob, out, size) ? 0 : E(ENCDATAERR));
}

/* session keys */
static int new_key(Session *s, const u8 *bytes, u32 size, void **out) {
    int code = E(OUTARGERR);
    pthread_mutex_lock(&lock);
    for (int i = 0; i < KEYS; i++) if (!keys[i].owner) {
        keys[i].owner = s; keys[i].size = size; memcpy(keys[i].bytes, bytes, size); *out = &keys[i]; code = 0;
        break;
    }
    pthread_mutex_unlock(&lock);
    return code;
}
static Key *key_of(Session *s, void *handle) {
    Key *k = handle;
    return k >= keys && k < keys + KEYS && k->owner == s ? k : NULL;
}
static int cipher(const EVP_CIPHER *type, const u8 *key, const u8 *iv, int encrypt, const u8 *in, u32 size, u8 *out) {
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new(); int n;
    int good = EVP_CipherInit_ex(c, type, NULL, key, iv, encrypt) == 1 && EVP_CIPHER_CTX_set_padding(c, 0) == 1
        && EVP_CipherUpdate(c, out, &n, in, (int)size) == 1 && n == (int)size;
    EVP_CIPHER_CTX_free(c);
    return good;
}
int SDF_GenerateKeyWithKEK(void *handle, u32 bits, u32 alg, u32 kek, u8 *wrapped, u32 *size, void **out) {
    ENTER(handle)
    u8 key[KEYMAX]; u32 n = bits / 8;
    if (alg != 0x401) LEAVE(E(ALGNOTSUPPORT));
    if (kek < 1 || kek >= KEKS) LEAVE(E(KEYNOTEXIST));
    if (n % 16 || n > KEYMAX || *size < n) LEAVE(E(INARGERR));
    RAND_bytes(key, (int)n); *size = n;
    LEAVE(cipher(EVP_sm4_ecb(), keks[kek], NULL, 1, key, n, wrapped) ? new_key(s, key, n, out) : E(SYMOPERR));
}
int SDF_ImportKeyWithKEK(void *handle, u32 alg, u32 kek, const u8 *wrapped, u32 size, void **out) {
    ENTER(handle)
    u8 key[KEYMAX];
    if (alg != 0x401) LEAVE(E(ALGNOTSUPPORT));
    if (kek < 1 || kek >= KEKS) LEAVE(E(KEYNOTEXIST));
    if (!size || size % 16 || size > KEYMAX) LEAVE(E(INARGERR));
    LEAVE(cipher(EVP_sm4_ecb(), keks[kek], NULL, 0, wrapped, size, key) ? new_key(s, key, size, out) : E(SYMOPERR));
}
int SDF_GenerateKeyWithIPK_ECC(void *handle, u32 index, u32 bits, u8 *blob, void **out) {
    ENTER(handle)
    u8 key[KEYMAX]; u32 n = bits / 8;
    EVP_PKEY *pair = private_key(index);
    if (!pair) LEAVE(E(KEYNOTEXIST));
    if (n % 16 || n > KEYMAX || RAND_bytes(key, (int)n) != 1) { EVP_PKEY_free(pair); LEAVE(E(INARGERR)); }
    int code = encrypt(pair, key, n, blob);
    LEAVE(code ? code : new_key(s, key, n, out));
}
int SDF_ImportKeyWithISK_ECC(void *handle, u32 index, const u8 *blob, void **out) {
    ENTER(handle)
    u8 key[KEYMAX]; u32 size = KEYMAX;
    if (!usable(s, index)) LEAVE(E(PARDENY));
    if (index >= PAIRS || !pair_used[index]) LEAVE(E(KEYNOTEXIST));
    LEAVE(decrypt(index, blob, key, &size) ? new_key(s, key, size, out) : E(ENCDATAERR));
}
int SDF_DestroyKey(void *handle, void *key) {
    ENTER(handle)
    Key *k = key_of(s, key);
    if (!k) LEAVE(E(KEYNOTEXIST));
    memset(k, 0, sizeof *k);
    LEAVE(0);
}

/* SM4 */
static int run(void *handle, void *key, u32 alg, u8 *iv, const u8 *in, u32 size, u8 *out, u32 *room, int encrypt) {
    ENTER(handle)
    Key *k = key_of(s, key);
    const EVP_CIPHER *type = alg == 0x402 ? EVP_sm4_cbc() : alg == 0x420 ? EVP_sm4_ctr() : NULL;
    if (!k) LEAVE(E(KEYNOTEXIST));
    if (!type) LEAVE(E(ALGNOTSUPPORT));
    if (k->size != 16 || size > CALLMAX || *room < size || (alg == 0x402 && size % 16)) LEAVE(E(INARGERR));
    u8 copy[16]; memcpy(copy, iv, 16); memset(iv, 0xEE, 16);
    *room = size;
    int good = cipher(type, k->bytes, copy, encrypt, in, size, out);
    if (lie_about == 4) *room = size - 1;
    LEAVE(good ? 0 : E(SYMOPERR));
}
int SDF_Encrypt(void *h, void *k, u32 alg, u8 *iv, const u8 *in, u32 n, u8 *out, u32 *room) {
    return run(h, k, alg, iv, in, n, out, room, 1);
}
int SDF_Decrypt(void *h, void *k, u32 alg, u8 *iv, const u8 *in, u32 n, u8 *out, u32 *room) {
    return run(h, k, alg, iv, in, n, out, room, 0);
}
int SDF_CalculateMAC(void *handle, void *key, u32 alg, u8 *iv, const u8 *in, u32 size, u8 *out, u32 *room) {
    ENTER(handle)
    Key *k = key_of(s, key);
    if (!k || alg != 0x410 || size % 16 || !size || size > CALLMAX || *room < 16) LEAVE(E(INARGERR));
    u8 *all = malloc(size);
    int good = cipher(EVP_sm4_cbc(), k->bytes, iv, 1, in, size, all);
    memcpy(out, all + size - 16, 16); free(all); memset(iv, 0xEE, 16); *room = 16;
    LEAVE(good ? 0 : E(MACERR));
}

/* SM4-GCM, since OpenSSL 3.0 has none: the counter by libcrypto, GHASH with a table of four bits */
typedef struct { uint64_t high[16], low[16]; uint64_t x, y; } Ghash;
static uint64_t load64(const u8 *p) { uint64_t v = 0; for (int i = 0; i < 8; i++) v = v << 8 | p[i]; return v; }
static void store64(u8 *p, uint64_t v) { for (int i = 7; i >= 0; i--, v >>= 8) p[i] = (u8)v; }
static void ghash_init(Ghash *g, const u8 *h) {
    uint64_t x = load64(h), y = load64(h + 8);
    g->x = g->y = g->high[0] = g->low[0] = 0;
    for (int bit = 8; bit; bit >>= 1) {
        g->high[bit] = x; g->low[bit] = y;
        uint64_t carry = -(y & 1) & 0xE100000000000000ull;
        y = y >> 1 | x << 63; x = x >> 1 ^ carry;
    }
    for (int i = 2; i < 16; i <<= 1)
        for (int j = 1; j < i; j++) { g->high[i + j] = g->high[i] ^ g->high[j]; g->low[i + j] = g->low[i] ^ g->low[j]; }
}
static void ghash(Ghash *g, const u8 *data, size_t size) {
    static const uint64_t reduce[16] = {0x0000, 0x1C20, 0x3840, 0x2460, 0x7080, 0x6CA0, 0x48C0, 0x54E0,
                                        0xE100, 0xFD20, 0xD940, 0xC560, 0x9180, 0x8DA0, 0xA9C0, 0xB5E0};
    for (; size; data += 16, size = size > 16 ? size - 16 : 0) {
        u8 block[16] = {0}; memcpy(block, data, size < 16 ? size : 16);
        uint64_t a = g->x ^ load64(block), b = g->y ^ load64(block + 8), x = 0, y = 0;
        for (int i = 0; i < 32; i++) {
            u32 nibble = (i < 16 ? b >> 4 * i : a >> 4 * (i - 16)) & 15;
            if (i) { u32 out = y & 15; y = y >> 4 | x << 60; x = x >> 4 ^ reduce[out] << 48; }
            x ^= g->high[nibble]; y ^= g->low[nibble];
        }
        g->x = x; g->y = y;
    }
}
static int gcm(const u8 *key, const u8 *nonce, const u8 *aad, u32 aad_size, const u8 *in, u32 size, u8 *out,
               u8 *tag, int encrypt) {
    u8 h[16] = {0}, counter[16] = {0}, mask[16], lengths[16], zero[16] = {0}; Ghash g;
    cipher(EVP_sm4_ecb(), key, NULL, 1, zero, 16, h);
    memcpy(counter, nonce, 12); counter[15] = 1;
    cipher(EVP_sm4_ecb(), key, NULL, 1, counter, 16, mask);
    counter[15] = 2;
    ghash_init(&g, h); ghash(&g, aad, aad_size);
    if (!encrypt) ghash(&g, in, size);
    if (size && !cipher(EVP_sm4_ctr(), key, counter, 1, in, size, out)) return 0;
    if (encrypt) ghash(&g, out, size);
    store64(lengths, (uint64_t)aad_size * 8); store64(lengths + 8, (uint64_t)size * 8);
    ghash(&g, lengths, 16);
    store64(tag, g.x); store64(tag + 8, g.y);
    for (int i = 0; i < 16; i++) tag[i] ^= mask[i];
    return 1;
}
int SDF_AuthEnc(void *handle, void *key, u32 alg, const u8 *nonce, u32 nonce_size, const u8 *aad, u32 aad_size,
                const u8 *in, u32 size, u8 *out, u32 *room, u8 *tag, u32 *tag_room) {
    ENTER(handle)
    Key *k = key_of(s, key);
    if (alg != 0x02000400) LEAVE(E(ALGNOTSUPPORT));
    if (!k || k->size != 16 || nonce_size != 12 || *room < size || *tag_room < 16) LEAVE(E(INARGERR));
    *room = size; *tag_room = lie_about == 5 ? 12 : 16;
    LEAVE(gcm(k->bytes, nonce, aad, aad_size, in, size, out, tag, 1) ? 0 : E(SYMOPERR));
}
int SDF_AuthDec(void *handle, void *key, u32 alg, const u8 *nonce, u32 nonce_size, const u8 *aad, u32 aad_size,
                const u8 *tag, u32 tag_size, const u8 *in, u32 size, u8 *out, u32 *room) {
    ENTER(handle)
    Key *k = key_of(s, key); u8 ours[16];
    if (alg != 0x02000400) LEAVE(E(ALGNOTSUPPORT));
    if (!k || k->size != 16 || nonce_size != 12 || *room < size || tag_size != 16) LEAVE(E(INARGERR));
    *room = size;
    int good = gcm(k->bytes, nonce, aad, aad_size, in, size, out, ours, 0) && !memcmp(ours, tag, 16);
    if (!good) memset(out, 0, size);
    LEAVE(good ? 0 : E(MACERR));
}

/* SM3 and HMAC-SM3 */
static void start(Session *s) {
    if (!s->hash) s->hash = EVP_MD_CTX_new();
    EVP_DigestInit_ex(s->hash, EVP_sm3(), NULL);
}
int SDF_HashInit(void *handle, u32 alg, const u8 *public, const u8 *id, u32 id_size) {
    ENTER(handle)
    if (alg != 1) LEAVE(E(ALGNOTSUPPORT));
    start(s); s->hmac = 0;
    if (id_size) {
        static const u8 curve[] = {
#define B8(a, b, c, d, e, f, g, h) 0x##a, 0x##b, 0x##c, 0x##d, 0x##e, 0x##f, 0x##g, 0x##h
            B8(FF,FF,FF,FE,FF,FF,FF,FF), B8(FF,FF,FF,FF,FF,FF,FF,FF), B8(FF,FF,FF,FF,00,00,00,00), B8(FF,FF,FF,FF,FF,FF,FF,FC),
            B8(28,E9,FA,9E,9D,9F,5E,34), B8(4D,5A,9E,4B,CF,65,09,A7), B8(F3,97,89,F5,15,AB,8F,92), B8(DD,BC,BD,41,4D,94,0E,93),
            B8(32,C4,AE,2C,1F,19,81,19), B8(5F,99,04,46,6A,39,C9,94), B8(8F,E3,0B,BF,F2,66,0B,E1), B8(71,5A,45,89,33,4C,74,C7),
            B8(BC,37,36,A2,F4,F6,77,9C), B8(59,BD,CE,E3,6B,69,21,53), B8(D0,A9,87,7C,C6,2A,47,40), B8(02,DF,32,E5,21,39,F0,A0)};
        u8 bits[2] = {(u8)(id_size >> 5), (u8)(id_size << 3)}, za[32]; u32 n;
        EVP_DigestUpdate(s->hash, bits, 2); EVP_DigestUpdate(s->hash, id, id_size);
        EVP_DigestUpdate(s->hash, curve, sizeof curve);
        EVP_DigestUpdate(s->hash, public + 4 + 32, 32); EVP_DigestUpdate(s->hash, public + 4 + 96, 32);
        EVP_DigestFinal_ex(s->hash, za, &n);
        start(s); EVP_DigestUpdate(s->hash, za, 32);
    }
    LEAVE(0);
}
int SDF_HMACInit(void *handle, void *key, u32 alg) {
    ENTER(handle)
    Key *k = key_of(s, key); u8 block[64] = {0}; u32 n;
    if (!k || alg != 1) LEAVE(E(KEYNOTEXIST));
    start(s);
    if (k->size > 64) { EVP_DigestUpdate(s->hash, k->bytes, k->size); EVP_DigestFinal_ex(s->hash, block, &n); start(s); }
    else memcpy(block, k->bytes, k->size);
    for (int i = 0; i < 64; i++) { s->outer[i] = block[i] ^ 0x5C; block[i] ^= 0x36; }
    EVP_DigestUpdate(s->hash, block, 64);
    s->hmac = 1;
    LEAVE(0);
}
static int update(void *handle, const u8 *in, u32 size) {
    ENTER(handle)
    if (!s->hash || size > CALLMAX) LEAVE(E(STEPERR));
    LEAVE(EVP_DigestUpdate(s->hash, in, size) == 1 ? 0 : E(STEPERR));
}
int SDF_HashUpdate(void *h, const u8 *in, u32 n) { return update(h, in, n); }
int SDF_HMACUpdate(void *h, const u8 *in, u32 n) { return update(h, in, n); }
static int finish(void *handle, u8 *out, u32 *size, int hmac) {
    ENTER(handle)
    u32 n; u8 inner[32];
    if (!s->hash || *size < 32 || s->hmac != hmac) LEAVE(E(STEPERR));
    EVP_DigestFinal_ex(s->hash, out, &n);
    if (hmac) {
        memcpy(inner, out, 32); start(s);
        EVP_DigestUpdate(s->hash, s->outer, 64); EVP_DigestUpdate(s->hash, inner, 32);
        EVP_DigestFinal_ex(s->hash, out, &n);
    }
    *size = 32;
    LEAVE(0);
}
int SDF_HashFinal(void *h, u8 *out, u32 *n) { return finish(h, out, n, 0); }
int SDF_HMACFinal(void *h, u8 *out, u32 *n) { return finish(h, out, n, 1); }
