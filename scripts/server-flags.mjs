/**
 * How the runtime of the server's process is set: megabytes for young objects. Its own choice takes some 50 MB more under
 * load and is hardly faster.
 */
export const SERVER_FLAGS = ['--max-semi-space-size=16']

/**
 * The C library's memory goes back to the machine when it is freed: by itself it keeps what a busy moment needed, some 50 MB.
 * Bytes; elsewhere than on Linux these mean nothing.
 */
export const SERVER_ENVIRONMENT = { MALLOC_TRIM_THRESHOLD_: '131072', MALLOC_MMAP_THRESHOLD_: '131072' }
