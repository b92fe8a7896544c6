#include <string.h>
#include "../Vector/EveryCPU.h"
#include "ForestKernels.h"

// Nodes of few rows, of which a forest has millions: sixteen columns at a time, one a lane. Rows are put in order by a
// sorting network, which needs no branch; a handful need no order at all.

// All functions with vector arguments are inlined: there is no calling convention to disagree about.
#pragma clang diagnostic ignored "-Wpsabi"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum { lanes = 16, half = 8, handful = 8 };

// Codes less 32,768: instructions that compare know signed numbers only.
typedef int16_t Codes __attribute__((ext_vector_type(lanes)));
typedef double Reals __attribute__((ext_vector_type(half)));
typedef int64_t Integers __attribute__((ext_vector_type(half)));

enum { bias = 0x8000 };

/// Eight columns' best cuts: r² / (w (W - w)) as numerator and denominator, so that comparing needs no division.
typedef struct {
  Reals over, under, weight;
  Integers place;
} Best;

ALWAYS_INLINE Integers half_of(Codes codes, size_t first) {
  return first ? __builtin_convertvector(__builtin_shufflevector(codes, codes, 8, 9, 10, 11, 12, 13, 14, 15), Integers)
               : __builtin_convertvector(__builtin_shufflevector(codes, codes, 0, 1, 2, 3, 4, 5, 6, 7), Integers);
}

ALWAYS_INLINE Best no_cut(void) {
  const Best best = {(Reals)(-1.0), (Reals)(1.0), (Reals)(0.0), (Integers)(0)};
  return best;
}

ALWAYS_INLINE void keep(
    Best *best, Integers better, Reals over, Reals under, Reals weight, Integers place) {
  best->over = better ? over : best->over;
  best->under = better ? under : best->under;
  best->weight = better ? weight : best->weight;
  best->place = better ? place : best->place;
}

/// Copies the codes of the node's rows, one row a vector; what lanes without a column hold is not looked at.
ALWAYS_INLINE Codes gather(
    Codes *rows, KernelsCodes codes, const KernelsRows *node, const uint32_t *columns, size_t column_count) {
  for (size_t row = 0; row < node->count; row++) {
    const uint16_t *from = codes.codes + node->rows[row] * codes.stride;
    uint16_t *to = (uint16_t *)(rows + row);
    for (size_t lane = 0; lane < column_count; lane++) to[lane] = from[columns[lane]];
  }
  Codes highest = (Codes)(int16_t)-bias;
  for (size_t row = 0; row < node->count; row++) {
    rows[row] ^= (Codes)(int16_t)bias;
    highest = __builtin_elementwise_max(highest, rows[row]);
  }
  return highest;
}

// A handful: for each row and lane the sums over all rows with no higher code.

typedef struct {
  Integers codes[handful];
  Integers highest;
} Handful;

/// `counts_rows`: otherwise a side need only have one.
ALWAYS_INLINE Best cut_counted(const Handful *rows, const KernelsRows *node, int counts_rows) {
  Best best = no_cut();
  const Integers least = (Integers)((int64_t)node->least);
  const Integers most = (Integers)((int64_t)(node->count - node->least));
  for (size_t row = 0; row < node->count; row++) {
    const Integers own = rows->codes[row];
    Reals residual = 0, weight = 0;
    Integers count = 0;
    for (size_t other = 0; other < node->count; other++) {
      const Integers left = rows->codes[other] <= own;
      residual = left ? residual + node->targets[other].value : residual;
      weight = left ? weight + node->targets[other].weight : weight;
      if (counts_rows) count -= left;
    }
    const Reals over = residual * residual, under = weight * (node->weight - weight);
    const Reals mine = over * best.under, others = best.over * under;
    Integers better =
        (own != rows->highest) & (under > 0) & ((mine > others) | ((mine == others) & (own < best.place)));
    if (counts_rows) better &= (count >= least) & (count <= most);
    keep(&best, better, over, under, weight, own);
  }
  return best;
}

ALWAYS_INLINE Best cut_handful(const Handful *rows, const KernelsRows *node) {
  return node->least > 1 ? cut_counted(rows, node, 1) : cut_counted(rows, node, 0);
}

/// The lowest code above `last` in a lane.
ALWAYS_INLINE int32_t code_after(int32_t last, const Codes *rows, size_t count, size_t lane) {
  int32_t next = INT16_MAX;
  for (size_t row = 0; row < count; row++) {
    const int32_t code = ((const int16_t *)(rows + row))[lane];
    next = code > last && code < next ? code : next;
  }
  return next;
}

// More rows: in each lane in order of their codes.

/// A code above the bits of the row's place in the node: different for all rows, so that there is one order.
typedef int32_t Keys __attribute__((ext_vector_type(lanes)));
typedef int32_t HalfKeys __attribute__((ext_vector_type(half)));
typedef double Pairs __attribute__((ext_vector_type(2 * half)));

enum { row_bits = 6 };
_Static_assert(kernels_few_rows == 1 << row_bits, "a key has room for the place of every row");

/// What the row in a place of each lane's order has.
typedef struct {
  Keys keys[kernels_few_rows];
  KernelsTarget targets[kernels_few_rows][lanes];
} Ordered;

/// Sorts each lane, all by the same exchanges: Batcher, "Sorting networks and their applications", AFIPS 1968,
/// doi:10.1145/1468075.1468121, in the form for any count (Knuth, volume 3, 5.2.2, algorithm M).
ALWAYS_INLINE void sort_lanes(Keys *keys, size_t count) {
  const size_t top = (size_t)1 << (63 - __builtin_clzll(count - 1));
  for (size_t part = top; part > 0; part /= 2) {
    for (size_t from = 0, distance = part, next = top;; from = part, distance = next - part, next /= 2) {
      for (size_t block = from; block + distance < count; block += 2 * part) {
        const size_t end = block + part < count - distance ? block + part : count - distance;
        for (size_t place = block; place < end; place++) {
          const Keys one = keys[place], other = keys[place + distance];
          keys[place] = __builtin_elementwise_min(one, other);
          keys[place + distance] = __builtin_elementwise_max(one, other);
        }
      }
      if (next == part) break;
    }
  }
}

ALWAYS_INLINE void put_in_order(Ordered *ordered, const Codes *codes, const KernelsRows *node, size_t column_count) {
  for (size_t row = 0; row < node->count; row++) {
    ordered->keys[row] = __builtin_convertvector(codes[row], Keys) * kernels_few_rows + (int32_t)row;
  }
  sort_lanes(ordered->keys, node->count);
  for (size_t place = 0; place < node->count; place++) {
    const int32_t *keys = (const int32_t *)(ordered->keys + place);
    for (size_t lane = 0; lane < column_count; lane++) {
      ordered->targets[place][lane] = node->targets[keys[lane] & (kernels_few_rows - 1)];
    }
  }
}

/// Whether the codes in a place and the next one differ.
ALWAYS_INLINE Integers codes_differ(const Keys *keys, size_t first) {
  HalfKeys own, next;
  memcpy(&own, (const int32_t *)keys + first, sizeof own);
  memcpy(&next, (const int32_t *)(keys + 1) + first, sizeof next);
  return __builtin_convertvector((own ^ next) >> row_bits != 0, Integers);
}

/// The best cut of the lanes from `first` on; places count the rows on the left.
ALWAYS_INLINE Best cut_ordered(const Ordered *ordered, const KernelsRows *node, size_t first) {
  Best best = no_cut();
  Reals residual = 0, weight = 0;
  for (size_t row = 0; row + node->least < node->count; row++) {
    Pairs pairs;
    memcpy(&pairs, ordered->targets[row] + first, sizeof pairs);
    residual += pairs.even;
    weight += pairs.odd;
    if (row + 1 < node->least) continue;
    const Integers differ = codes_differ(ordered->keys + row, first);
    const Reals over = residual * residual, under = weight * (node->weight - weight);
    const Integers better = differ & (under > 0) & (over * best.under > best.over * under);
    keep(&best, better, over, under, weight, (Integers)((int64_t)row + 1));
  }
  return best;
}

/// Takes the best of eight lanes, if it is better.
ALWAYS_INLINE int take(KernelsCodeCut *cut, const Best *best, size_t first, size_t column_count, Integers allowed) {
  const Reals gains = allowed ? best->over / best->under : (Reals)(-1.0);
  int lane = -1;
  for (size_t place = 0; place < half && place < column_count; place++) {
    if (gains[place] > cut->gain) {
      cut->gain = gains[place];
      lane = (int)place;
    }
  }
  if (lane < 0) return -1;
  cut->left_weight = best->weight[lane];
  cut->place = (uint32_t)(first + (size_t)lane);
  return lane;
}

ALWAYS_INLINE void cut_group(
    KernelsCodeCut *cut, Codes *rows, KernelsCodes codes, const KernelsRows *node, const uint32_t *columns,
    size_t first, size_t column_count, uint8_t *has_missing) {
  const Codes highest = gather(rows, codes, node, columns, column_count);
  const Codes complete = highest != (Codes)(int16_t)(kernels_missing_code ^ bias);
  for (size_t lane = 0; lane < column_count; lane++) has_missing[lane] = complete[lane] == 0;
  Handful few;
  Ordered ordered;
  const int is_handful = node->count <= handful;
  if (!is_handful) put_in_order(&ordered, rows, node, column_count);
  for (size_t part = 0; part < column_count; part += half) {
    if (is_handful) {
      for (size_t row = 0; row < node->count; row++) few.codes[row] = half_of(rows[row], part);
      few.highest = half_of(highest, part);
    }
    const Best best = is_handful ? cut_handful(&few, node) : cut_ordered(&ordered, node, part);
    const int lane = take(cut, &best, first + part, column_count - part, half_of(complete, part));
    if (lane < 0) continue;
    const int64_t found = best.place[lane];
    const size_t column = part + (size_t)lane;
    const int32_t last = is_handful ? (int32_t)found : ordered.keys[found - 1][column] >> row_bits;
    const int32_t next =
        is_handful ? code_after(last, rows, node->count, column) : ordered.keys[found][column] >> row_bits;
    cut->last = (uint32_t)(last + bias);
    cut->next = (uint32_t)(next + bias);
  }
}

ALWAYS_INLINE KernelsCodeCut cut_groups(
    KernelsCodes codes, const KernelsRows *node, const uint32_t *columns, size_t column_count, uint8_t *has_missing) {
  Codes rows[kernels_few_rows];
  for (size_t row = 0; row < node->count; row++) rows[row] = 0;
  KernelsCodeCut cut = {-1, 0, 0, 0, 0};
  for (size_t first = 0; first < column_count; first += lanes) {
    const size_t count = column_count - first < lanes ? column_count - first : lanes;
    cut_group(&cut, rows, codes, node, columns + first, first, count, has_missing + first);
  }
  return cut;
}

EVERY_CPU KernelsCodeCut kernels_cut_of_few(
    KernelsCodes codes, const KernelsRows *node, const uint32_t *columns, size_t column_count, uint8_t *has_missing) {
  return cut_groups(codes, node, columns, column_count, has_missing);
}
