// Memory of large pages: what is large is got in few steps, and searching for where a page is costs less.
#pragma once
#include <stddef.h>

/// Memory to be given back by `free`; NULL where it is not worth it, or not to be had.
void *kernels_large_pages(size_t size);
