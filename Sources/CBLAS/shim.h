// OpenBLAS (CBLAS interface) and LAPACKE. The only C headers of linear algebra that the project sees.
#pragma once
#include <cblas.h>
#include <lapacke.h>
