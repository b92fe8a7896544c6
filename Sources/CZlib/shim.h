// zlib, for reading .csv.gz.
#pragma once
#include <zlib.h>
