#include "build.h"

// A place of fixed size with a name of its own: `scripts/dist` writes commit and toolchain into it once the program is linked, so that
// another commit does not mean to compile anything again. Volatile, or the compiler would know the text better than the file.
__attribute__((section("build_stamp"), used)) static const volatile char stamp[256] = "a development build, not a release";

const char *learners_build(void) { return (const char *)stamp; }
