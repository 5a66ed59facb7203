cd /
U=/etc/systemd/system
w() { printf "$2" > $U/$1; }
w demo.service '[Unit]\nDescription=Demo Daemon\nDocumentation=https://example.org/docs man:demo(8)\nAfter=network.target\n\n[Service]\nExecStart=/bin/sh -c "echo hello from demo; echo oops >&2; exec sleep 2000"\nExecReload=/bin/kill -HUP $MAINPID\nRestart=always\nRestartSec=10\n\n[Install]\nWantedBy=multi-user.target\n'
mkdir -p $U/demo.service.d
w demo.service.d/10-env.conf '[Service]\nEnvironment="A=1"\n'
w fails.service '[Unit]\nDescription=Failing\n[Service]\nExecStart=/bin/false\n'
w loops.service '[Unit]\nDescription=Failing again and again\n[Service]\nExecStart=/bin/sh -c "sleep 0.1; exit 3"\nRestart=always\nRestartSec=1\n'
w once.service '[Unit]\nDescription=Once\n[Service]\nType=oneshot\nExecStart=/bin/sleep 0.2\n'
w missing.service '[Unit]\nDescription=Missing\n[Service]\nExecStart=/usr/bin/nothere --x\n'
w typo.service '[Unit]\nDescription=Typo\n[Service]\nExecStat=/bin/false\nFoo=1\n'
w onefail.service '[Unit]\nDescription=One\n[Service]\nType=oneshot\nExecStart=/bin/false\n'
w pre.service '[Unit]\nDescription=Pre\n[Service]\nExecStartPre=/bin/false\nExecStart=/bin/sleep 10\n'
w rem.service '[Unit]\nDescription=Rem\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\nExecStart=/bin/echo two\n'
w ign.service '[Unit]\nDescription=Ign\n[Service]\nExecStart=/bin/sh -c "trap : TERM; while :; do sleep 1; done"\nTimeoutStopSec=2\n'
r() { echo "\$ $*"; "$@" 2>&1; echo "=> $?"; }
r systemctl daemon-reload
r systemctl status demo
r systemctl start demo
sleep 0.3
r systemctl status demo
r systemctl enable demo
r systemctl enable demo
r systemctl is-enabled demo
r systemctl is-active demo
r systemctl is-failed demo
r systemctl restart demo; sleep 0.3
r systemctl status demo
r systemctl stop demo
r systemctl status demo
r systemctl disable demo
r systemctl enable --now demo
sleep 0.3
r systemctl disable --now demo
sleep 0.3
r systemctl mask demo
r systemctl start fails
sleep 0.3
r systemctl status fails
r systemctl is-active fails
r systemctl is-failed fails
r systemctl start once
r systemctl status once
r systemctl start missing
sleep 0.3
r systemctl start loops
sleep 0.5
r systemctl status loops
sleep 7
r systemctl status loops
r systemctl list-units --state=failed 'f*' 'l*' 'm*'
r systemctl reset-failed
r systemctl start nosuch
r systemctl stop nosuch
r systemctl restart nosuch
r systemctl status nosuch
r systemctl enable nosuch
r systemctl disable nosuch
r systemctl is-active nosuch
r systemctl is-enabled nosuch
r systemctl cat nosuch
r systemctl cat demo fails
r systemctl start demo; sleep 0.3
r systemctl show demo -p ActiveState,SubState,LoadState,UnitFileState,FragmentPath,DropInPaths,ExecMainStatus,NRestarts,Restart,RestartUSec
r systemctl show -p ActiveState --value demo
r systemctl frobnicate
r systemctl start
r systemctl --bogus
r systemctl list-units 'demo*' --all
r systemctl list-units 'demo*' --no-legend
r systemctl list-unit-files 'demo*' 'once*'
r systemctl is-active demo nosuch fails
r systemctl status demo nosuch
r systemctl status -n 0 demo
r systemctl status -n 2 -o cat demo
r systemctl start demo fails nosuch
r systemctl mask once
r systemctl mask nosuch
r systemctl unmask nosuch
r systemctl enable fails
r systemctl disable fails
r systemctl start typo
r systemctl is-active typo
r systemctl start onefail
r systemctl status onefail
r systemctl start pre
r systemctl status pre
r systemctl start rem
r systemctl status rem
r systemctl stop rem
r systemctl status rem
r systemctl start ign; sleep 0.3
r systemctl stop ign
r systemctl is-failed ign
printf '[Unit]\nDescription=Changed\n' >> $U/demo.service.d/10-env.conf
r systemctl restart demo
sleep 0.3
r systemctl daemon-reload
r systemctl status demo
r systemctl reload fails
r systemctl reload rem
r systemctl kill demo; sleep 0.3
r systemctl is-active demo
r systemctl list-units -t bogus
r systemctl --version
r systemctl help
r systemctl start demo.target
r systemctl try-restart rem
r systemctl edit demo
r journalctl -u fails
r journalctl -u fails -o cat
r journalctl -u fails -n 2 -r
r journalctl -u onefail -x
r journalctl -u missing -p err
r journalctl -u nosuch
r journalctl -p bogus
r journalctl --since bogus
r journalctl -u fails --since '2 hours ago' --until yesterday
r journalctl -n x
r journalctl --bogus
r journalctl -u demo -g hello -n 1
r journalctl -o bogus
r journalctl -u loops -o cat
r service demo status
r service nosuch start
r service
r service demo bogus
