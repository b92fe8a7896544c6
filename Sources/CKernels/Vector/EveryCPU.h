// A function marked EVERY_CPU is compiled for several generations of CPU; the one that fits is chosen when the program
// starts. Its loops are plain C that the compiler turns into vector instructions of each generation's width.
//
// All machines of one generation compute the same bits. The older two differ from each other in the last digit: one
// multiplies and adds with a single rounding, the other with two.
#pragma once

#if defined(__x86_64__) && defined(__linux__)
#define EVERY_CPU __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), min_vector_width(512)))
#else
#define EVERY_CPU
#endif
