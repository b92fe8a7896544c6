// OpenBLAS (CBLAS interface) and LAPACKE. The only C headers of linear algebra that the project sees.
#pragma once
#include <cblas.h>
#include <lapacke.h>

// Entry points that are in no header, and not in every build. The loader finds those of the library that is linked: by name they are
// not found in a process that has opened that library for itself alone, as Python does, and somebody else's might be.
extern void gotoblas_dynamic_quit(void) __attribute__((weak));
extern void gotoblas_dynamic_init(void) __attribute__((weak));

static inline void (*openblas_table_quit(void))(void) { return gotoblas_dynamic_quit; }
static inline void (*openblas_table_init(void))(void) { return gotoblas_dynamic_init; }
