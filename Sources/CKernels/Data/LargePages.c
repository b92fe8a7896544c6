#include "LargePages.h"
#include "DataKernels.h"
#include <stdlib.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

enum { LARGE_PAGE = 1 << 21 };

void *kernels_large_pages(size_t size) {
#ifdef MADV_HUGEPAGE
  void *memory = NULL;
  if (size >= 2 * LARGE_PAGE && posix_memalign(&memory, LARGE_PAGE, size) == 0) {
    madvise(memory, size, MADV_HUGEPAGE);
    return memory;
  }
#endif
  return NULL;
}

void kernels_prefer_large_pages(void *memory, size_t size) {
#ifdef MADV_HUGEPAGE
  // Only whole pages, of what belongs to the caller.
  const uintptr_t start = ((uintptr_t)memory + LARGE_PAGE - 1) & ~(uintptr_t)(LARGE_PAGE - 1);
  const uintptr_t end = ((uintptr_t)memory + size) & ~(uintptr_t)(LARGE_PAGE - 1);
  if (memory != NULL && start < end) madvise((void *)start, end - start, MADV_HUGEPAGE);
#endif
}
