#ifndef LEARNERS_BUILD_H
#define LEARNERS_BUILD_H

/// What this program was built from, in lines for a person to read.
const char *learners_build(void);

#endif
