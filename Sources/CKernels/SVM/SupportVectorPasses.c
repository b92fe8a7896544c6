#include <math.h>

#include "../include/CKernels.h"
#include "../Vector/EveryCPU.h"
#include "../Vector/Lanes.h"

static const IntegerLanes lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

EVERY_CPU kernels_extremes kernels_advance(float *up, float *down, const float *row_i, const float *row_j, float step,
                                           size_t count) {
  Lanes highest = -INFINITY, lowest = INFINITY;
  IntegerLanes place = 0;
  for (size_t first = 0; first < count; first += LANES) {
    const Lanes change = (LOAD_LANES(row_i + first) - LOAD_LANES(row_j + first)) * step;
    const Lanes rise = LOAD_LANES(up + first) - change;
    const Lanes fall = LOAD_LANES(down + first) - change;
    STORE_LANES(up + first, rise);
    STORE_LANES(down + first, fall);
    const IntegerLanes higher = rise > highest;
    highest = higher ? rise : highest;
    place = higher ? (IntegerLanes)(int32_t)first : place;
    lowest = fall < lowest ? fall : lowest;
  }
  kernels_extremes extremes;
  extremes.up = __builtin_reduce_max(highest);
  extremes.down = __builtin_reduce_min(lowest);
  const IntegerLanes places = highest == extremes.up ? place + lane_numbers : (IntegerLanes)INT32_MAX;
  extremes.riser = (size_t)__builtin_reduce_min(places);
  return extremes;
}

/// Two quotients are compared by products, which take a fraction of the time of divisions.
EVERY_CPU size_t kernels_partner(const float *down, const float *diagonal, const float *row, float up, float own,
                                 float smallest_curvature, size_t count) {
  enum { CHAINS = 2 };
  Lanes best[CHAINS], share[CHAINS];
  IntegerLanes place[CHAINS];
  for (int chain = 0; chain < CHAINS; chain++) best[chain] = 0, share[chain] = 1, place[chain] = -1;
  for (size_t start = 0; start < count; start += CHAINS * LANES) {
    for (int chain = 0; chain < CHAINS; chain++) {
      const size_t first = start + (size_t)chain * LANES;
      Lanes slope = up - LOAD_LANES(down + first);
      slope = slope > 0 ? slope : 0;
      Lanes curvature = LOAD_LANES(diagonal + first) + own - LOAD_LANES(row + first) * 2;
      curvature = curvature > smallest_curvature ? curvature : smallest_curvature;
      const Lanes square = slope * slope;
      const IntegerLanes better = square * share[chain] > best[chain] * curvature;
      best[chain] = better ? square : best[chain];
      share[chain] = better ? curvature : share[chain];
      place[chain] = better ? (IntegerLanes)(int32_t)first : place[chain];
    }
  }
  // One quotient a lane is left, and these are few.
  Lanes largest = 0;
  IntegerLanes places = INT32_MAX;
  for (int chain = 0; chain < CHAINS; chain++) {
    const Lanes gain = best[chain] / share[chain];
    const IntegerLanes better = gain > largest;
    const IntegerLanes earlier = gain == largest & place[chain] < places;
    largest = better ? gain : largest;
    places = (better | (earlier & (gain > 0))) ? place[chain] : places;
  }
  const float most = __builtin_reduce_max(largest);
  if (!(most > 0)) return count;
  const IntegerLanes candidates = largest == most ? places + lane_numbers : (IntegerLanes)INT32_MAX;
  return (size_t)__builtin_reduce_min(candidates);
}
