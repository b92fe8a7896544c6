// Sums of outer products of rows, Σ z zᵀ: what BLAS calls syrk, for a small result and very many rows.
//
// Rows are copied a block at a time, less an origin and times a factor, to panels of eight columns that stay in the
// second-level cache; both sides of the product read the same panels, which syrk would pack twice.
#pragma once
#include <stddef.h>

/// Writes a block of the rows of x with the given indices to panels, as [(x - origin) root, (target - origin[features])
/// root, root].
///
/// Column c of the block's row r goes to panels[c / 8 * stride + r * 8 + c % 8]; columns past features + 2 are left alone.
void kernels_fill_panels(
    const double *x, const ptrdiff_t *rows, size_t count, size_t features, const double *origin, const double *targets,
    const double *roots, double *panels, size_t stride);

/// The same of the transpose of a block of columns: row r of x, its elements less those of `origin` and times roots[r],
/// becomes column r of the panels.
void kernels_fill_transposed_panels(
    const double *x, size_t rows, size_t stride_of_x, size_t columns, const double *origin, const double *roots,
    double *panels, size_t stride);

/// What is wanted next, to be fetched from memory meanwhile: `count` pieces of `length` numbers, their beginnings `stride`
/// numbers apart.
struct upcoming_pieces {
  const double *first;
  size_t length;
  size_t stride;
  size_t count;
};

/// Adds Σ z zᵀ over the rows of a block in panels to `moments`: order x order with order = width rounded up to a
/// multiple of 8. Only tiles that meet the lower triangle are written.
///
/// Columns from width to order must be zero. `has_wide_registers`: 32 registers of eight numbers hold the sums.
void kernels_add_moments(
    const double *panels, size_t stride, size_t rows, size_t width, int has_wide_registers, double *moments,
    struct upcoming_pieces upcoming);
