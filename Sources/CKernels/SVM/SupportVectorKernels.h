// What support vector machines spend their time in.
#pragma once
#include <stddef.h>

/// Where the optimality of a block of variables is violated most.
typedef struct {
  float up, down;
  /// The first place of the highest up.
  size_t riser;
} kernels_extremes;

/// up -= step (row_i - row_j) and down -= the same; returns the new highest up and lowest down. `count` is a multiple
/// of 16.
kernels_extremes kernels_advance(float *up, float *down, const float *row_i, const float *row_j, float step,
                                 size_t count);

/// The variable that promises the largest decrease together with one whose up, kernel row and diagonal element are
/// given: the largest (up - down)² / max(own + diagonal - 2 row, smallest_curvature) where down < up, as far as
/// roundings tell; `count`, a multiple of 32, if there is none.
size_t kernels_partner(const float *down, const float *diagonal, const float *row, float up, float own,
                       float smallest_curvature, size_t count);

/// Points that stand side by side in memory, feature after feature.
#define KERNELS_PANEL 32

/// values[i, j] := exp(min(0, 2 left[i] · right[j] - left_norms[i] - right_norms[j])): the Gaussian kernel, for squared
/// norms. `left` is rows x features; the right points come in panels of features x KERNELS_PANEL each.
/// Written are rows x (panel_count · KERNELS_PANEL), `stride` elements from row to row.
/// The bits of a value depend on its two points alone.
void kernels_radial(const float *left, const float *left_norms, size_t rows, const float *panels,
                    const float *right_norms, size_t panel_count, size_t features, float *values, size_t stride);

/// As `kernels_radial`, with the bits that it gives where left and right are the other way round.
void kernels_radial_turned(const float *left, const float *left_norms, size_t rows, const float *panels,
                           const float *right_norms, size_t panel_count, size_t features, float *values, size_t stride);

/// products[i, j] := left[i] · right[j] for points given as above, in double precision; as far as above.
void kernels_products(const double *left, size_t rows, const double *panels, size_t panel_count, size_t features,
                      double *products, size_t stride);

/// sums[j] += Σ coefficients[i] values[i, j], in double precision and in an order that only `rows` decides.
void kernels_add_rows(const float *values, size_t stride, const double *coefficients, size_t rows, double *sums,
                      size_t columns);
