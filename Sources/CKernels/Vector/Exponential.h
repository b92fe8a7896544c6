// The exponential function as plain arithmetic, for use inside loops that are to become vector instructions.
#pragma once
#include <stdint.h>
#include <string.h>

static inline float float_of_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static inline uint32_t bits_of_float(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// eˣ = 2ⁿ eʳ, with n = round(x / ln 2), here in the low bits of `shifted`, and |r| ≤ ln 2 / 2.
struct exponential_parts {
  uint32_t shifted;
  float mantissa;
};

/// For |x| ≤ 89 and NaN. r = x - n ln 2 is taken in two parts, of which the larger has bits to spare so that its product
/// is exact; eʳ = 1 + r + r² q(r), q the polynomial of degree 4 with the smallest largest error (3e-9).
static inline __attribute__((always_inline)) struct exponential_parts exponential_parts(float x) {
  const float shifter = 12582912.0f;  // 1.5 · 2²³: adding it leaves round(x) in the low bits
  const float shifted = x * 1.44269504f + shifter;
  const float n = shifted - shifter;
  const float r = (x - n * 0.693359375f) - n * -0.00021219444f;
  float q = r * 0.00139504904f + 0.0083688898f;
  q = q * r + 0.041666206f;
  q = q * r + 0.16666518f;
  q = q * r + 0.5f;
  return (struct exponential_parts){bits_of_float(shifted), (r + r * r * q) + 1.0f};
}

/// eˣ. 2ⁿ is multiplied in two halves, for the results between 2¹²⁷ and the greatest number.
static inline float exponential(float x) {
  const float bounded = x < 89.0f ? (x > -89.0f ? x : -89.0f) : (x >= 89.0f ? 89.0f : x);  // keeps NaN
  const struct exponential_parts parts = exponential_parts(bounded);
  const int32_t power = (int32_t)(parts.shifted - 0x4B400000u);
  const int32_t half = power >> 1;
  const float first = float_of_bits((uint32_t)(half + 127) << 23);
  const float second = float_of_bits((uint32_t)(power - half + 127) << 23);
  const float result = parts.mantissa * first * second;
  return x < -87.336f ? 0.0f : result;
}

/// eˣ for x ≤ 0, with less around it: n is added to the exponent of the result.
static inline float exponential_of_negative(float x) {
  const struct exponential_parts parts = exponential_parts(x > -88.0f ? x : -88.0f);
  const float result = float_of_bits(bits_of_float(parts.mantissa) + (parts.shifted << 23));
  return x < -87.336f ? 0.0f : result;
}
