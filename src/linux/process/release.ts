/** uname -r of every host: Debian 12's kernel. */
export const kernelRelease = '6.1.0-38-amd64';
/** uname -v. */
export const kernelVersion = '#1 SMP PREEMPT_DYNAMIC Debian 6.1.147-1 (2025-08-02)';
