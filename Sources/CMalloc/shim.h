// The C library's allocator, which Glibc's own module leaves out.
#pragma once
#include <malloc.h>
