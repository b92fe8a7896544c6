#include "DataKernels.h"
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

// Open addressing with linear steps. A slot is the hash in its high half and the number of the text plus one in its low
// half, so that the texts themselves are looked at only where all 32 bits of the hash agree.
struct KernelsTexts {
  uint64_t seed;
  uint64_t *slots;
  size_t mask;
  // Text i is bytes[starts[i] ..< starts[i + 1]].
  uint64_t *starts;
  uint32_t *hashes;
  size_t count, room;
  uint8_t *bytes;
  size_t bytes_room;
  size_t asked;
  int loose, gave_up;
  int beyond_ascii;
};

static void *resized(void *memory, size_t size) {
  void *moved = realloc(memory, size);
  if (moved == NULL) abort();
  return moved;
}

// Free slots. Many of them are looked at in no order: large pages spare most of the searches for where a page is.
static uint64_t *free_slots(size_t count) {
#ifdef MADV_HUGEPAGE
  enum { LARGE_PAGE = 1 << 21 };
  void *memory = NULL;
  const size_t size = count * sizeof(uint64_t);
  if (size >= 2 * LARGE_PAGE && posix_memalign(&memory, LARGE_PAGE, size) == 0) {
    madvise(memory, size, MADV_HUGEPAGE);
    return memset(memory, 0, size);
  }
#endif
  uint64_t *slots = calloc(count, sizeof(uint64_t));
  if (slots == NULL) abort();
  return slots;
}

static uint64_t word(const uint8_t *bytes) {
  uint64_t value;
  memcpy(&value, bytes, sizeof value);
  return value;
}

static uint64_t half(const uint8_t *bytes) {
  uint32_t value;
  memcpy(&value, bytes, sizeof value);
  return value;
}

// Both halves of a 128-bit product, after wyhash (public domain).
static uint64_t mixed(uint64_t a, uint64_t b) {
  const __uint128_t product = (__uint128_t)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static const uint64_t first = 0xa0761d6478bd642fu, second = 0xe7037ed1a0b428dbu;

static uint32_t hash_of(uint64_t seed, const uint8_t *text, size_t count) {
  uint64_t hash = seed, a = 0, b = 0;
  size_t left = count;
  for (; left > 16; left -= 16, text += 16) hash = mixed(word(text) ^ first, word(text + 8) ^ hash);
  if (left >= 8) {
    a = word(text);
    b = word(text + left - 8);
  } else if (left >= 4) {
    a = half(text);
    b = half(text + left - 4);
  } else if (left > 0) {
    a = (uint64_t)text[0] << 16 | (uint64_t)text[left / 2] << 8 | text[left - 1];
  }
  hash = mixed(second ^ count, mixed(a ^ first, b ^ hash));
  return (uint32_t)(hash ^ hash >> 32);
}

KernelsTexts *kernels_texts_make(uint64_t seed, size_t expected, int loose) {
  KernelsTexts *texts = resized(NULL, sizeof *texts);
  size_t slots = 64;
  while (slots < 2 * expected) slots *= 2;
  *texts = (KernelsTexts){
      .seed = seed, .mask = slots - 1, .room = 32 + expected, .bytes_room = 512 + 16 * expected, .loose = loose};
  texts->slots = free_slots(texts->mask + 1);
  texts->starts = resized(NULL, (texts->room + 1) * sizeof *texts->starts);
  texts->starts[0] = 0;
  texts->hashes = resized(NULL, texts->room * sizeof *texts->hashes);
  texts->bytes = resized(NULL, texts->bytes_room);
  return texts;
}

void kernels_texts_free(KernelsTexts *texts) {
  free(texts->slots);
  free(texts->starts);
  free(texts->hashes);
  free(texts->bytes);
  free(texts);
}

static void put(uint64_t *slots, size_t mask, uint32_t hash, size_t code) {
  size_t place = hash & mask;
  while (slots[place] != 0) place = (place + 1) & mask;
  slots[place] = (uint64_t)hash << 32 | (code + 1);
}

static void grow(KernelsTexts *texts, size_t count) {
  size_t size = texts->mask + 1;
  while (size < 2 * count) size *= 2;
  free(texts->slots);
  texts->slots = free_slots(size);
  texts->mask = size - 1;
  for (size_t code = 0; code < texts->count; code++) put(texts->slots, texts->mask, texts->hashes[code], code);
}

static void make_room(KernelsTexts *texts, size_t count, size_t bytes) {
  if (texts->count + count > texts->room) {
    while (texts->count + count > texts->room) texts->room += texts->room / 2;
    texts->starts = resized(texts->starts, (texts->room + 1) * sizeof *texts->starts);
    texts->hashes = resized(texts->hashes, texts->room * sizeof *texts->hashes);
  }
  const size_t needed = texts->starts[texts->count] + bytes;
  if (needed > texts->bytes_room) {
    while (needed > texts->bytes_room) texts->bytes_room += texts->bytes_room / 2;
    texts->bytes = resized(texts->bytes, texts->bytes_room);
  }
}

// The place of a text in the table: its slot, or the free one that it has to go to.
static size_t find(const KernelsTexts *texts, uint32_t hash, const uint8_t *text, size_t count) {
  size_t place = hash & texts->mask;
  for (uint64_t slot; (slot = texts->slots[place]) != 0; place = (place + 1) & texts->mask) {
    if (slot >> 32 != hash) continue;
    const size_t code = (slot & UINT32_MAX) - 1;
    const uint64_t start = texts->starts[code];
    if (texts->starts[code + 1] - start == count && memcmp(texts->bytes + start, text, count) == 0) break;
  }
  return place;
}

// `text` is where the bytes of the next text belong, or elsewhere.
static uint32_t append(KernelsTexts *texts, uint32_t hash, const uint8_t *text, size_t count) {
  make_room(texts, 1, count);
  const uint64_t start = texts->starts[texts->count];
  // A new text may be where it belongs already.
  if (texts->bytes + start != text) memcpy(texts->bytes + start, text, count);
  texts->hashes[texts->count] = hash;
  texts->starts[texts->count + 1] = start + count;
  return (uint32_t)texts->count++;
}

static uint32_t add(KernelsTexts *texts, uint32_t hash, const uint8_t *text, size_t count) {
  if (texts->gave_up) return append(texts, hash, text, count);
  const size_t place = find(texts, hash, text, count);
  texts->asked++;
  if (texts->slots[place] != 0) return (uint32_t)(texts->slots[place] & UINT32_MAX) - 1;
  texts->slots[place] = (uint64_t)hash << 32 | (texts->count + 1);
  const uint32_t code = append(texts, hash, text, count);
  if (texts->loose && texts->asked >= 512 && 2 * texts->count > texts->asked) texts->gave_up = 1;
  else if (2 * texts->count > texts->mask) grow(texts, 2 * texts->count);
  return code;
}

uint32_t kernels_texts_add(KernelsTexts *texts, const uint8_t *text, size_t count, int beyond_ascii) {
  texts->beyond_ascii |= beyond_ascii;
  return add(texts, hash_of(texts->seed, text, count), text, count);
}

uint32_t kernels_texts_add_doubled(KernelsTexts *texts, const uint8_t *text, size_t count, int beyond_ascii) {
  texts->beyond_ascii |= beyond_ascii;
  make_room(texts, 1, count);
  // Written where it will be kept if it is new.
  uint8_t *plain = texts->bytes + texts->starts[texts->count];
  size_t length = 0;
  for (size_t i = 0; i < count; i += text[i] == '"' ? 2 : 1) plain[length++] = text[i];
  return add(texts, hash_of(texts->seed, plain, length), plain, length);
}

void kernels_texts_merge(KernelsTexts *texts, const KernelsTexts *others, uint32_t *codes) {
  enum { AHEAD = 12 };
  if (2 * (texts->count + others->count) > texts->mask) grow(texts, 2 * (texts->count + others->count));
  make_room(texts, others->count, others->starts[others->count]);
  texts->beyond_ascii |= others->beyond_ascii;
  for (size_t i = 0; i < others->count; i++) {
    if (i + AHEAD < others->count) __builtin_prefetch(texts->slots + (others->hashes[i + AHEAD] & texts->mask));
    codes[i] = add(
        texts, others->hashes[i], others->bytes + others->starts[i], others->starts[i + 1] - others->starts[i]);
  }
}

void kernels_texts_close(KernelsTexts *texts) {
  free(texts->slots);
  texts->slots = NULL;
  texts->hashes = resized(texts->hashes, (texts->count + 1) * sizeof *texts->hashes);
  texts->bytes = resized(texts->bytes, texts->starts[texts->count] + 1);
  texts->starts = resized(texts->starts, (texts->count + 1) * sizeof *texts->starts);
}

void kernels_texts_seal(KernelsTexts *texts) {
  free(texts->slots);
  free(texts->hashes);
  texts->slots = NULL;
  texts->hashes = NULL;
  texts->bytes = resized(texts->bytes, texts->starts[texts->count] + 1);
  texts->starts = resized(texts->starts, (texts->count + 1) * sizeof *texts->starts);
}

size_t kernels_texts_count(const KernelsTexts *texts) { return texts->count; }

const uint8_t *kernels_texts_bytes(const KernelsTexts *texts, size_t code, size_t *count) {
  *count = texts->starts[code + 1] - texts->starts[code];
  return texts->bytes + texts->starts[code];
}

int kernels_texts_beyond_ascii(const KernelsTexts *texts) { return texts->beyond_ascii; }
