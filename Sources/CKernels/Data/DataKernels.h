// What reading tables does to every byte: line ends, ends of cells, and which texts are the same.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// What a part of a CSV file holds, whether it begins between cells or within a quoted one.
typedef struct {
  /// Line ends that are not within quotes, if the part begins outside of them, and if it begins inside.
  size_t outside, inside;
  /// 1 where the number of quotes is odd.
  uint32_t odd;
} KernelsLineEnds;

/// Counts LF, CR LF and CR, each once, at its last byte. `following` is the byte after the part, -1 at the end of the file.
KernelsLineEnds kernels_line_ends(const uint8_t *bytes, size_t count, int following);

/// Index of the first delimiter, LF, CR, quote or NUL at or after `position`, or `end`. Sets the high bit of `bits` where a
/// byte before it is not ASCII.
size_t kernels_cell_end(const uint8_t *bytes, size_t position, size_t end, uint8_t delimiter, uint8_t *bits);

/// The same for the first quote or NUL.
size_t kernels_quote_end(const uint8_t *bytes, size_t position, size_t end, uint8_t *bits);

/// Asks for large pages in memory that nothing has been written to.
void kernels_prefer_large_pages(void *memory, size_t size);

/// Texts, each of which has a number: 0, 1, … in the order in which they came.
typedef struct KernelsTexts KernelsTexts;

/// `seed` changes where texts are kept, never their numbers: nobody can prepare texts that collide.
/// A table that is `loose` ceases to look for texts that it has when most are new; `kernels_texts_merge` finds them.
/// - `expected` texts find room at once.
KernelsTexts *kernels_texts_make(uint64_t seed, size_t expected, int loose);
void kernels_texts_free(KernelsTexts *texts);
/// The number of a text. `beyond_ascii` is 1 where any of its bytes may not be ASCII.
uint32_t kernels_texts_add(KernelsTexts *texts, const uint8_t *text, size_t count, int beyond_ascii);
/// The number of a text in which two quotes stand for one.
uint32_t kernels_texts_add_doubled(KernelsTexts *texts, const uint8_t *text, size_t count, int beyond_ascii);
/// Adds some texts of another table with the same seed in their order; `codes` gets the number of each at its place. Their
/// bytes stay where they are: `kernels_texts_adopt` has to follow before the other table is freed.
void kernels_texts_merge(KernelsTexts *texts, const KernelsTexts *others, size_t from, size_t to, uint32_t *codes);
/// Makes the bytes of all texts that came from other tables its own. Of the others nothing may be asked afterwards.
void kernels_texts_adopt(KernelsTexts *texts, KernelsTexts *const *others, size_t count);
/// Gives back what only adding needs. Nothing can be added afterwards.
void kernels_texts_seal(KernelsTexts *texts);
size_t kernels_texts_count(const KernelsTexts *texts);
/// 1 where a text may have several numbers, because the table has ceased to look.
int kernels_texts_may_repeat(const KernelsTexts *texts);
/// The bytes of a text, and how many they are.
const uint8_t *kernels_texts_bytes(const KernelsTexts *texts, size_t code, size_t *count);
/// 1 where a byte of any text may not be ASCII.
int kernels_texts_beyond_ascii(const KernelsTexts *texts);
