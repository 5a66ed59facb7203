mkdir -p /etc/sudoers.d; printf '127.0.0.1 localhost\n127.0.1.1 controlplane\n' > /etc/hosts
cd /tmp
printf 'Defaults\tenv_reset\nroot\tALL=(ALL:ALL) ALL\n%%sudo\tALL=(ALL:ALL) NOPASSWD: ALL\n@includedir /etc/sudoers.d\n' > /etc/sudoers
rm -f /etc/sudoers.d/bob
r() { echo "\$ $*"; "$@" 2>&1; echo "=> $?"; }
u() { echo "% $*"; runuser -u bob -- env -i PATH=/usr/bin:/bin HOME=/home/bob USER=bob LANG=C.UTF-8 A=1 sh -c "$*" 2>&1; echo "=> $?"; }
printf 'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\nbob:x:1000:1000::/home/bob:/bin/sh\nann:x:1001:1001::/home/ann:/bin/bash\n' > /etc/passwd
printf 'root:x:0:\nsudo:x:27:bob\nbob:x:1000:\nann:x:1001:\ndocker:x:999:ann\nnogroup:x:65534:\n' > /etc/group
printf 'root:*:20000:0:99999:7:::\nbob:!:20000::::::\nann:!:20000::::::\n' > /etc/shadow
mkdir -p /home/bob /home/ann; chown 1000:1000 /home/bob;  chown 1001:1001 /home/ann
r sudo id
r sudo -u bob id
r sudo -u bob pwd
r sudo -u bob -i pwd
r sudo -u '#1000' id -un
r sudo -u nosuch id
r sudo -g docker id
r sudo nosuch
r sudo /nosuch
r sudo
r sudo -n true
r sudo -l -U ann
r sudo A=2 sh -c 'echo $A'
r sudo -u bob sh -c 'echo $HOME $USER $SUDO_USER $SUDO_UID $LOGNAME $PATH'
r sudo -i sh -c 'echo $HOME $PWD'
r sudo -s echo hi
r sudo -k
r sudo -v
r sudo false
r sudo sh -c 'exit 7'
u sudo id -un
u sudo -u ann id
u sudo -n true
u sudo -i pwd
u 'echo secret | sudo -S id -un'
sed -i 's/^sudo:.*/sudo:x:27:/' /etc/group
u sudo -n id
u sudo id
u sudo -n -l
printf 'bob ALL=(root) NOPASSWD: /usr/bin/id, /bin/ls\n' > /etc/sudoers.d/bob
chmod 440 /etc/sudoers.d/bob
u sudo id -un
u sudo -n cat /etc/shadow
r su bob -c id
r su bob -c 'pwd; echo $HOME $USER $SHELL $PATH'
r su - bob -c 'pwd; echo $HOME $USER $SHELL $PATH'
r su -l ann -c 'pwd; echo $HOME $USER $SHELL $PATH'
r su -s /bin/bash nobody -c id
r su nobody -c id
r su nosuch
r su - nosuch -c id
r su -c 'echo hi'
r su bob -c 'exit 5'
u su -c id
u 'echo wrong | su -c id'
r su bob -s /bin/nosuch
r runuser -u bob -- id
r runuser -u bob id
