#include "HeapMemory.h"
#include <malloc.h>

void kernels_keep_freed_memory(size_t largest_piece, size_t kept) {
  mallopt(M_MMAP_THRESHOLD, (int)largest_piece);
  mallopt(M_TRIM_THRESHOLD, (int)kept);
}
