/**
 * How the runtime of the server's process is set: megabytes for young objects. Its own choice takes some 70 MB more under
 * load and is hardly faster.
 */
export const SERVER_FLAGS = ['--max-semi-space-size=8']
