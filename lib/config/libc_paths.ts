/**
 * Where distributions of Linux keep the C library. The program that takes over in an upgrade loads it
 * to decide which process gets new connections.
 */
export const LIBC_PATHS: readonly string[] = [
  "/lib/x86_64-linux-gnu/libc.so.6",
  "/lib/aarch64-linux-gnu/libc.so.6",
  "/lib64/libc.so.6",
  "/usr/lib/libc.so.6",
];
