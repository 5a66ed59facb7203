/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] =
  'windows-cmd windows-hostname windows-ipconfig windows-ping windows-powershell windows-whoami'.split(' ');
