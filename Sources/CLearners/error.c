#include "learners.h"
#include "learners_error.h"

#include <string.h>

// A place of fixed size: telling of an error must not fail for want of memory.
static _Thread_local char last[4096];

void learners_keep_error(const char *text) {
  size_t length = strnlen(text, sizeof last - 1);
  // Not in the middle of a character: bytes that go on with one begin with the bits 10.
  if (length == sizeof last - 1) {
    while (length > 0 && (text[length] & 0xC0) == 0x80) length--;
  }
  memcpy(last, text, length);
  last[length] = 0;
}

const char *learners_last_error(void) { return last; }

const char *learners_version(void) { return LEARNERS_VERSION; }
