// Sixteen numbers at a time: for loops that the compiler does not turn into vector instructions by itself, such as the
// search for a maximum. On a CPU with shorter vectors the compiler splits them.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { LANES = 16 };

typedef float Lanes __attribute__((ext_vector_type(LANES)));
typedef double DoubleLanes __attribute__((ext_vector_type(LANES / 2)));
typedef int32_t IntegerLanes __attribute__((ext_vector_type(LANES)));
/// The same at any address.
typedef float LooseLanes __attribute__((ext_vector_type(LANES), aligned(4)));
typedef double LooseDoubleLanes __attribute__((ext_vector_type(LANES / 2), aligned(8)));

#define LOAD_LANES(address) ((Lanes)(*(const LooseLanes *)(address)))
#define STORE_LANES(address, lanes) (*(LooseLanes *)(address) = (lanes))

#define LOAD_DOUBLE_LANES(address) ((DoubleLanes)(*(const LooseDoubleLanes *)(address)))
#define STORE_DOUBLE_LANES(address, lanes) (*(LooseDoubleLanes *)(address) = (lanes))
