// For the library itself: the text that `learners_last_error` gives.
#ifndef LEARNERS_ERROR_H
#define LEARNERS_ERROR_H

/// Keeps the text, cut off where it is too long, for this thread.
void learners_keep_error(const char *text);

#endif
