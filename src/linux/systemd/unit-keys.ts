/** The settings that systemd 252 knows in the sections that people write (systemd.directives(7)), by their beginnings. */
const known: Readonly<Record<string, ReadonlySet<string>>> = {
  Unit: new Set(
    (
      'Description Documentation Wants Requires Requisite BindsTo PartOf Upholds Conflicts Before After OnFailure ' +
      'OnSuccess PropagatesReloadTo ReloadPropagatedFrom PropagatesStopTo StopPropagatedFrom JoinsNamespaceOf ' +
      'RequiresMountsFor OnFailureJobMode OnSuccessJobMode IgnoreOnIsolate StopWhenUnneeded RefuseManualStart ' +
      'RefuseManualStop AllowIsolate DefaultDependencies SurviveFinalKillSignal CollectMode FailureAction ' +
      'SuccessAction FailureActionExitStatus SuccessActionExitStatus JobTimeoutSec JobRunningTimeoutSec ' +
      'JobTimeoutAction JobTimeoutRebootArgument StartLimitIntervalSec StartLimitInterval StartLimitBurst ' +
      'StartLimitAction RebootArgument SourcePath'
    ).split(' '),
  ),
  Install: new Set('Alias WantedBy RequiredBy UpheldBy Also DefaultInstance'.split(' ')),
  Service: new Set(
    (
      'Type ExitType RemainAfterExit GuessMainPID PIDFile BusName ExecStart ExecStartPre ExecStartPost ExecCondition ' +
      'ExecReload ExecStop ExecStopPost RestartSec TimeoutStartSec TimeoutStopSec TimeoutAbortSec TimeoutSec ' +
      'TimeoutStartFailureMode TimeoutStopFailureMode RuntimeMaxSec RuntimeRandomizedExtraSec WatchdogSec Restart ' +
      'SuccessExitStatus RestartPreventExitStatus RestartForceExitStatus RootDirectoryStartOnly NonBlocking ' +
      'NotifyAccess Sockets FileDescriptorStoreMax USBFunctionDescriptors USBFunctionStrings OOMPolicy ' +
      'PermissionsStartOnly StartLimitInterval StartLimitBurst StartLimitAction FailureAction RebootArgument ' +
      'SysVStartPriority BusPolicy OpenFile'
    ).split(' '),
  ),
};

/** systemd.exec(5), systemd.kill(5) and systemd.resource-control(5) are shared by several kinds of units. */
const shared =
  /^(Environment(File)?|PassEnvironment|UnsetEnvironment|WorkingDirectory|User|Group|DynamicUser|SupplementaryGroups|PAMName|Root\w+|Mount\w+|Bind(ReadOnly)?Paths|Temporary\w+|Standard\w+|TTY\w+|Syslog\w+|Log\w+|Limit[A-Z]+|UMask|CoredumpFilter|KeyringMode|OOMScoreAdjust|TimerSlackNSec|Personality|IgnoreSIGPIPE|Nice|CPU\w+|IO\w+|BlockIO\w+|Memory\w+|Tasks(Max|Accounting)|Allowed\w+|Startup\w+|IP\w+|Socket(Bind)\w+|Device\w+|Slice|Delegate(Subgroup|Controllers)?|ManagedOOM\w+|DisableControllers|Protect\w+|Private\w+|Restrict\w+|Lock\w+|NoNewPrivileges|SecureBits|Capability\w+|AmbientCapabilities|SELinuxContext|AppArmorProfile|SmackProcessLabel|SystemCall\w+|(Read(Only|Write)|Inaccessible|Exec|NoExec)(Paths|Directories)|(Runtime|State|Cache|Logs|Configuration)Directory(Mode|Preserve)?|TimeoutCleanSec|Load(Credential|CredentialEncrypted)|SetCredential\w*|RemoveIPC|NUMA\w+|Proc(Subset)|Utmp\w+|Kill(Mode|Signal)|RestartKillSignal|SendSIG\w+|FinalKillSignal|WatchdogSignal|NetworkNamespacePath|IPCNamespacePath|ExtensionImages|ExtensionDirectories|ProtectControlGroups)$/;

/** Whether the parser would complain about this key. Keys of kinds of units that we know little of are all fine. */
export function unknownKey(section: string, key: string): boolean {
  if (section.startsWith('X-') || key.startsWith('X-')) return false;
  if (section === 'Unit' && /^(Condition|Assert)[A-Z]/.test(key)) return false;
  const keys = Object.hasOwn(known, section) ? known[section] : undefined;
  if (keys === undefined || keys.has(key)) return false;
  return section !== 'Service' || !shared.test(key);
}
