// Sums over the rows of some columns of a row-major matrix, whose rows begin `stride` numbers apart.
#pragma once
#include <stddef.h>

/// Σ w (x - o) and Σ w (x - o)² of each column, over all rows in order.
void kernels_column_moments(
    const double *x, size_t rows, size_t stride, size_t columns, const double *origin, const double *weights,
    double *restrict sums, double *restrict squares);

/// Adds Σ f (x - o) over all rows, in order, to the sum of each column; `factors` has f of every row.
void kernels_add_weighted_rows(
    const double *x, size_t rows, size_t stride, size_t columns, const double *origin, const double *factors,
    double *restrict sums);
