// How memory that is free goes back to the system.
#pragma once
#include <stddef.h>

/// Pieces of up to `largest_piece` bytes come from memory that the process keeps, and of what is free there it keeps `kept` bytes.
void kernels_keep_freed_memory(size_t largest_piece, size_t kept);
