cd /tmp
r() { echo "\$ $*"; "$@" 2>&1; echo "=> $?"; }
r apt-get install -y xxd
r apt-get install -y xxd
r apt-get install -y nosuchpackage
r apt-get remove -y nosuchpackage
r apt-get install -y xxd=9.9
r apt-get frobnicate
r apt-get --bogus install
r apt-get autoremove -y
r apt-get clean
r apt-get check
r apt list --installed xxd
r apt-cache policy nosuch
r apt-cache madison nosuch
r apt-cache show nosuch
r apt-mark hold xxd
r apt-mark showhold
r apt-mark unhold xxd
r apt-mark unhold xxd
r apt-mark hold nosuch
r apt-mark showmanual xxd
r apt-mark auto xxd
r apt-mark manual xxd
r apt-mark bogus
r apt-mark hold xxd
r apt-get remove -y xxd
r apt-mark unhold xxd
r dpkg -l nosuch
r dpkg -L nosuch
r dpkg -s nosuch
r dpkg -S /nosuch
r dpkg -S /usr/bin/xxd
r dpkg -i nosuch.deb
r dpkg --get-selections xxd
r dpkg --print-architecture
r dpkg --bogus
r dpkg-query -W nosuch
r dpkg-query -W -f '${Package} ${Status}\n' xxd
r apt-get remove -y xxd
r apt-get remove -y xxd
r apt-get install -s xxd
r dpkg -r xxd
r lsb_release -a
r lsb_release -cs
r lsb_release -is
r lsb_release -d
