const flags =
  'fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ht syscall nx pdpe1gb ' +
  'rdtscp lm constant_tsc rep_good nopl xtopology cpuid tsc_known_freq pni pclmulqdq ssse3 fma cx16 pcid sse4_1 sse4_2 ' +
  'x2apic movbe popcnt aes xsave avx f16c rdrand hypervisor lahf_lm abm 3dnowprefetch fsgsbase bmi1 avx2 smep bmi2 erms ' +
  'invpcid rdseed adx smap xsaveopt arat umip';

/** One processor in /proc/cpuinfo: one of a virtual machine's, a core of its own. */
export function cpuinfo(cpu: number, count: number): string {
  const rows: readonly (readonly [string, string | number])[] = [
    ['processor', cpu],
    ['vendor_id', 'GenuineIntel'],
    ['cpu family', 6],
    ['model', 85],
    ['model name', 'Intel(R) Xeon(R) CPU @ 2.40GHz'],
    ['stepping', 7],
    ['microcode', '0x1'],
    ['cpu MHz', '2400.000'],
    ['cache size', '16384 KB'],
    ['physical id', 0],
    ['siblings', count],
    ['core id', cpu],
    ['cpu cores', count],
    ['apicid', cpu],
    ['initial apicid', cpu],
    ['fpu', 'yes'],
    ['fpu_exception', 'yes'],
    ['cpuid level', 13],
    ['wp', 'yes'],
    ['flags', flags],
    ['bugs', 'spectre_v1 spectre_v2 spec_store_bypass swapgs'],
    ['bogomips', '4800.00'],
    ['clflush size', 64],
    ['cache_alignment', 64],
    ['address sizes', '46 bits physical, 48 bits virtual'],
    ['power management', ''],
  ];
  // arch/x86/kernel/cpu/proc.c: names reach the second tab stop.
  const row = ([name, value]: readonly [string, string | number]): string =>
    `${name}${name.length < 8 ? '\t\t' : '\t'}:${value === '' ? '' : ` ${value}`}\n`;
  return `${rows.map(row).join('')}\n`;
}
