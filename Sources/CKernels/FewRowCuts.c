#include "EveryCPU.h"
#include "ForestKernels.h"

// Nodes of few rows, of which a forest has millions: sixteen columns at a time, one a lane. Rows are put in order by
// counting, for each, the rows before it, which needs no branch; a handful need no order at all.

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

/// Copies the codes of the node's rows, one row a vector; lanes without a column are constant.
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

ALWAYS_INLINE Best cut_handful(const Handful *rows, const KernelsRows *node) {
  Best best = no_cut();
  const Integers least = (Integers)((int64_t)node->least);
  const Integers most = (Integers)((int64_t)(node->count - node->least));
  for (size_t row = 0; row < node->count; row++) {
    const Integers own = rows->codes[row];
    Reals residual = 0, weight = 0;
    Integers count = 0;
    for (size_t other = 0; other < node->count; other++) {
      const Integers left = rows->codes[other] <= own;
      residual += left ? (Reals)(node->targets[other].value) : (Reals)(0.0);
      weight += left ? (Reals)(node->targets[other].weight) : (Reals)(0.0);
      count -= left;
    }
    const Reals over = residual * residual, under = weight * (node->weight - weight);
    const Reals mine = over * best.under, others = best.over * under;
    const Integers better = (own != rows->highest) & (count >= least) & (count <= most) & (under > 0) &
        ((mine > others) | ((mine == others) & (own < best.place)));
    keep(&best, better, over, under, weight, own);
  }
  return best;
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

/// What the row in a place has: its sums and its code.
typedef struct {
  double residuals[kernels_few_rows][lanes];
  double weights[kernels_few_rows][lanes];
  int16_t codes[kernels_few_rows][lanes];
} Ordered;

/// How many rows are before each one in each lane; equal codes are in order of row.
ALWAYS_INLINE void count_before(Codes *places, const Codes *codes, size_t count) {
  for (size_t row = 0; row < count; row++) {
    const Codes own = codes[row];
    Codes before = 0;
    for (size_t other = 0; other < row; other++) before += own >= codes[other];
    for (size_t other = row + 1; other < count; other++) before += own > codes[other];
    places[row] = -before;
  }
}

ALWAYS_INLINE void put_in_order(
    Ordered *ordered, const Codes *codes, const Codes *places, const KernelsRows *node, size_t column_count) {
  for (size_t row = 0; row < node->count; row++) {
    const KernelsTarget target = node->targets[row];
    const int16_t *place = (const int16_t *)(places + row);
    const int16_t *code = (const int16_t *)(codes + row);
    for (size_t lane = 0; lane < column_count; lane++) {
      const size_t to = (size_t)place[lane];
      ordered->residuals[to][lane] = target.value;
      ordered->weights[to][lane] = target.weight;
      ordered->codes[to][lane] = code[lane];
    }
  }
}

/// The best cut of the lanes from `first` on; places count the rows on the left.
ALWAYS_INLINE Best cut_ordered(const Ordered *ordered, const KernelsRows *node, size_t first) {
  Best best = no_cut();
  Reals residual = 0, weight = 0;
  for (size_t row = 0; row + node->least < node->count; row++) {
    residual += *(const Reals *)(ordered->residuals[row] + first);
    weight += *(const Reals *)(ordered->weights[row] + first);
    if (row + 1 < node->least) continue;
    const Codes differ = *(const Codes *)ordered->codes[row] != *(const Codes *)ordered->codes[row + 1];
    const Reals over = residual * residual, under = weight * (node->weight - weight);
    const Integers better = half_of(differ, first) & (under > 0) & (over * best.under > best.over * under);
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
  if (!is_handful) {
    Codes places[kernels_few_rows];
    count_before(places, rows, node->count);
    put_in_order(&ordered, rows, places, node, column_count);
  }
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
    const int32_t last = is_handful ? (int32_t)found : ordered.codes[found - 1][column];
    const int32_t next = is_handful ? code_after(last, rows, node->count, column) : ordered.codes[found][column];
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
