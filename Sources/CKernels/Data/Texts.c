#include "DataKernels.h"
#include "LargePages.h"
#include <stdlib.h>
#include <string.h>

// Open addressing with linear steps. A slot is the hash in its high half and the number of the text plus one in its low
// half, so that the texts themselves are looked at only where all 32 bits of the hash agree.
//
// Texts lie in blocks that are never moved, so that a table may refer to the texts of another. Each has its length before
// it: a byte, or 255 and eight bytes.
typedef struct Block {
  struct Block *before;
  size_t size;
} Block;

struct KernelsTexts {
  uint64_t seed;
  uint64_t *slots;
  size_t mask;
  // Where the length of each text is, and its hash.
  const uint8_t **texts;
  uint32_t *hashes;
  size_t count, room;
  Block *blocks;
  // Free bytes of the newest block.
  uint8_t *free, *end;
  // Of all texts that were added, with their lengths.
  size_t size;
  size_t asked;
  int loose, gave_up;
  int beyond_ascii;
};

enum { LONG = 255, LONG_PREFIX = 9, FIRST_BLOCK = 1 << 12, LARGEST_BLOCK = 1 << 22 };

static void *resized(void *memory, size_t size) {
  void *moved = realloc(memory, size);
  if (moved == NULL) abort();
  return moved;
}

// Free slots: many of them are looked at in no order.
static uint64_t *free_slots(size_t count) {
  uint64_t *slots = kernels_large_pages(count * sizeof(uint64_t));
  if (slots != NULL) return memset(slots, 0, count * sizeof(uint64_t));
  slots = calloc(count, sizeof(uint64_t));
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

// Most names are short: words at both ends, which may overlap, cost less than a call.
static int same(const uint8_t *a, const uint8_t *b, size_t count) {
  if (count > 16) return memcmp(a, b, count) == 0;
  if (count >= 8) return word(a) == word(b) && word(a + count - 8) == word(b + count - 8);
  if (count >= 4) return half(a) == half(b) && half(a + count - 4) == half(b + count - 4);
  return count == 0 || (a[0] == b[0] && a[count / 2] == b[count / 2] && a[count - 1] == b[count - 1]);
}

static const uint8_t *content(const uint8_t *text, size_t *count) {
  if (text[0] != LONG) {
    *count = text[0];
    return text + 1;
  }
  *count = word(text + 1);
  return text + LONG_PREFIX;
}

KernelsTexts *kernels_texts_make(uint64_t seed, size_t expected, int loose) {
  KernelsTexts *texts = resized(NULL, sizeof *texts);
  size_t slots = 64;
  while (slots < 2 * expected) slots *= 2;
  *texts = (KernelsTexts){.seed = seed, .mask = slots - 1, .room = 32 + expected, .loose = loose};
  texts->slots = free_slots(texts->mask + 1);
  texts->texts = resized(NULL, texts->room * sizeof *texts->texts);
  texts->hashes = resized(NULL, texts->room * sizeof *texts->hashes);
  return texts;
}

static void free_blocks(Block *block) {
  while (block != NULL) {
    Block *before = block->before;
    free(block);
    block = before;
  }
}

// Gives back all but the bytes of the texts.
static void free_tables(KernelsTexts *texts) {
  free(texts->slots);
  free(texts->hashes);
  texts->slots = NULL;
  texts->hashes = NULL;
}

void kernels_texts_free(KernelsTexts *texts) {
  free_tables(texts);
  free(texts->texts);
  free_blocks(texts->blocks);
  free(texts);
}

// A new block with room for so many bytes. Blocks become larger with what is in them, to waste little and to be few.
static void add_block(KernelsTexts *texts, size_t bytes) {
  size_t size = texts->blocks == NULL ? FIRST_BLOCK : 4 * texts->blocks->size;
  if (size > LARGEST_BLOCK) size = LARGEST_BLOCK;
  if (size < sizeof(Block) + bytes) size = sizeof(Block) + bytes;
  Block *block = kernels_large_pages(size);
  if (block == NULL) block = resized(NULL, size);
  *block = (Block){texts->blocks, size};
  texts->blocks = block;
  texts->free = (uint8_t *)(block + 1);
  texts->end = (uint8_t *)block + size;
}

static void make_room(KernelsTexts *texts, size_t bytes) {
  if ((size_t)(texts->end - texts->free) < bytes + LONG_PREFIX) add_block(texts, bytes + LONG_PREFIX);
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

// The place of a text in the table: its slot, or the free one that it has to go to.
static size_t find(const KernelsTexts *texts, uint32_t hash, const uint8_t *text, size_t count) {
  size_t place = hash & texts->mask;
  for (uint64_t slot; (slot = texts->slots[place]) != 0; place = (place + 1) & texts->mask) {
    if (slot >> 32 != hash) continue;
    size_t length;
    const uint8_t *other = content(texts->texts[(slot & UINT32_MAX) - 1], &length);
    if (length == count && same(other, text, count)) break;
  }
  return place;
}

// Keeps bytes, with their length before them, where there is room for them.
static const uint8_t *keep(KernelsTexts *texts, const uint8_t *text, size_t count) {
  uint8_t *kept = texts->free, *bytes = kept + 1;
  if (count < LONG) {
    kept[0] = (uint8_t)count;
  } else {
    const uint64_t length = count;
    kept[0] = LONG;
    memcpy(kept + 1, &length, sizeof length);
    bytes = kept + LONG_PREFIX;
  }
  memmove(bytes, text, count);
  texts->free = bytes + count;
  texts->size += (size_t)(texts->free - kept);
  return kept;
}

static uint32_t append(KernelsTexts *texts, uint32_t hash, const uint8_t *kept) {
  if (texts->count == texts->room) {
    texts->room += texts->room / 2;
    texts->texts = resized(texts->texts, texts->room * sizeof *texts->texts);
    texts->hashes = resized(texts->hashes, texts->room * sizeof *texts->hashes);
  }
  texts->texts[texts->count] = kept;
  texts->hashes[texts->count] = hash;
  return (uint32_t)texts->count++;
}

// A loose table gives up when three of four of its first texts were new. Looking for each costs more than looking for all
// of them in one go later, where the next ones can be fetched from memory meanwhile.
enum { PATIENCE = 1 << 12 };

static uint32_t add(KernelsTexts *texts, const uint8_t *text, size_t count) {
  const uint32_t hash = hash_of(texts->seed, text, count);
  if (texts->gave_up) {
    make_room(texts, count);
    return append(texts, hash, keep(texts, text, count));
  }
  const size_t place = find(texts, hash, text, count);
  texts->asked++;
  if (texts->slots[place] != 0) return (uint32_t)(texts->slots[place] & UINT32_MAX) - 1;
  texts->slots[place] = (uint64_t)hash << 32 | (texts->count + 1);
  make_room(texts, count);
  const uint32_t code = append(texts, hash, keep(texts, text, count));
  if (texts->loose && texts->asked >= PATIENCE && 4 * texts->count > 3 * texts->asked) {
    texts->gave_up = 1;
    free(texts->slots);
    texts->slots = NULL;
  } else if (2 * texts->count > texts->mask) {
    grow(texts, 2 * texts->count);
  }
  return code;
}

uint32_t kernels_texts_add(KernelsTexts *texts, const uint8_t *text, size_t count, int beyond_ascii) {
  texts->beyond_ascii |= beyond_ascii;
  return add(texts, text, count);
}

uint32_t kernels_texts_add_doubled(KernelsTexts *texts, const uint8_t *text, size_t count, int beyond_ascii) {
  texts->beyond_ascii |= beyond_ascii;
  make_room(texts, count);
  // Written behind the longest length that it can have; `keep` moves it to its place if it is new.
  uint8_t *plain = texts->free + LONG_PREFIX;
  size_t length = 0;
  for (size_t i = 0; i < count; i += text[i] == '"' ? 2 : 1) plain[length++] = text[i];
  return add(texts, plain, length);
}

void kernels_texts_merge(KernelsTexts *texts, const KernelsTexts *others, size_t from, size_t to, uint32_t *codes) {
  enum { AHEAD = 12 };
  texts->beyond_ascii |= others->beyond_ascii;
  if (2 * (texts->count + to - from) > texts->mask) grow(texts, 2 * (texts->count + to - from));
  for (size_t i = from; i < to; i++) {
    if (i + AHEAD < to) __builtin_prefetch(texts->slots + (others->hashes[i + AHEAD] & texts->mask));
    size_t count;
    const uint8_t *text = content(others->texts[i], &count);
    const size_t place = find(texts, others->hashes[i], text, count);
    const uint64_t slot = texts->slots[place];
    if (slot != 0) {
      codes[i] = (uint32_t)(slot & UINT32_MAX) - 1;
      continue;
    }
    texts->slots[place] = (uint64_t)others->hashes[i] << 32 | (texts->count + 1);
    texts->size += (size_t)(text - others->texts[i]) + count;
    codes[i] = append(texts, others->hashes[i], others->texts[i]);
  }
}

// Takes over all blocks of another table.
static void take_blocks(KernelsTexts *texts, KernelsTexts *other) {
  Block *oldest = other->blocks;
  if (oldest == NULL) return;
  while (oldest->before != NULL) oldest = oldest->before;
  oldest->before = texts->blocks;
  texts->blocks = other->blocks;
  other->blocks = NULL;
}

void kernels_texts_adopt(KernelsTexts *texts, KernelsTexts *const *others, size_t count) {
  size_t size = 0;
  for (size_t i = 0; i < count; i++) size += others[i]->size;
  if (2 * texts->size >= size) {
    for (size_t i = 0; i < count; i++) take_blocks(texts, others[i]);
    return;
  }
  // Few of the texts are kept: they are copied, and the others are given back with their tables.
  texts->size = 0;
  for (size_t code = 0; code < texts->count; code++) {
    size_t length;
    const uint8_t *text = content(texts->texts[code], &length);
    make_room(texts, length);
    texts->texts[code] = keep(texts, text, length);
  }
}

void kernels_texts_seal(KernelsTexts *texts) {
  free_tables(texts);
  texts->room = texts->count + 1;
  texts->texts = resized(texts->texts, texts->room * sizeof *texts->texts);
}

size_t kernels_texts_count(const KernelsTexts *texts) { return texts->count; }

int kernels_texts_may_repeat(const KernelsTexts *texts) { return texts->gave_up; }

const uint8_t *kernels_texts_bytes(const KernelsTexts *texts, size_t code, size_t *count) {
  return content(texts->texts[code], count);
}

int kernels_texts_beyond_ascii(const KernelsTexts *texts) { return texts->beyond_ascii; }
