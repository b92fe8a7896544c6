// OpenSSL's libcrypto, for SHA-256 of data and model files.
#pragma once
#include <openssl/evp.h>
