cd /
cat > /etc/passwd <<X
root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
X
cat > /etc/group <<X
root:x:0:
daemon:x:1:
bin:x:2:
adm:x:4:
tty:x:5:
sudo:x:27:
www-data:x:33:
users:x:100:
nogroup:x:65534:
X
printf 'root:*:20000:0:99999:7:::\nnobody:*:20000:0:99999:7:::\n' > /etc/shadow
printf 'root:*::\nsudo:*::\n' > /etc/gshadow
rm -f /etc/passwd- /etc/group- /etc/shadow- /etc/subuid /etc/subgid; rm -rf /home/*
r() { echo "\$ $*"; "$@" 2>&1; echo "=> $?"; }
day() { sed "s/:$(( $(date +%s) / 86400 )):/:TODAY:/; s/:\\\$y\\\$[^:]*:/:HASH:/; s/:\\\$6\\\$[^:]*:/:HASH:/" "$@"; }
r useradd bob
r useradd bob
r useradd -m -s /bin/bash -c 'Alice A' -G sudo,adm alice
r tail -n 2 /etc/passwd
r tail -n 3 /etc/group
r grep sudo /etc/group
echo '$ shadow'; day /etc/shadow | tail -n 2
r stat -c '%A %U %G' /home/alice
r ls -A /home/alice
r id alice
r id bob
r id nosuch
r groups alice bob
r useradd -u 1000 x1
r useradd -u 1000 -o x1
r useradd -g nosuch x2
r useradd -G nosuch,sudo x2
r useradd -r sysd
r id sysd
r useradd -u 70000 -g users -d /srv/x -N x3
r getent passwd x3
r useradd
r useradd 'bad name'
r useradd --bogus x
r useradd -D
r groupadd dev
r groupadd dev
r groupadd -g 5000 ops
r groupadd -g 5000 ops2
r groupadd
r groupadd --bogus
r groupadd -r sysg
r getent group dev
r getent group ops
r usermod -aG dev,ops bob
r id bob
r usermod -G ops bob
r id bob
r usermod -aG nosuch bob
r usermod -s /bin/sh -d /home/bobby bob
r getent passwd bob
r usermod -l robert bob
r getent passwd robert
r getent group ops
r usermod -L alice
r usermod nosuch
r usermod
r usermod -u 1000 alice
r usermod -c 'New Name' alice
r gpasswd -a alice dev
r gpasswd -a nosuch dev
r gpasswd -a alice nosuch
r gpasswd -d alice dev
r gpasswd -d alice dev
r gpasswd -M alice,robert dev
r getent group dev
r groupmod -n devel dev
r getent group devel
r groupdel devel
r groupdel devel
r groupdel alice
r groupdel
echo 'alice:secret' | chpasswd; echo "=> $?"
echo 'nosuch:secret' | chpasswd; echo "=> $?"
echo 'nocolon' | chpasswd; echo "=> $?"
echo '$ shadow'; day /etc/shadow | grep alice
r passwd -S alice
r passwd -l alice
r passwd -S alice
r passwd -u alice
r passwd -d alice
r passwd -S alice
r passwd -S nosuch
r passwd -e alice
printf 'new1\nnew1\n' | passwd alice; echo "=> $?"
printf 'a\nb\n' | passwd alice; echo "=> $?"
r chage -l robert
r chage -M 90 -W 14 robert
r chage -l nosuch
r userdel nosuch
r userdel robert
r userdel -r alice
r ls -d /home/alice
r cat /etc/passwd
r cat /etc/group
r adduser --disabled-password --gecos '' carol
r id carol
r adduser carol sudo
r adduser carol sudo
r adduser carol nosuch
r adduser nosuch sudo
r adduser --system svc
r id svc
r adduser --disabled-password --gecos '' carol
r addgroup team
r addgroup team
r addgroup --gid 3333 team2
r deluser carol sudo
r deluser carol
r deluser nosuch
r delgroup team
r delgroup nosuch
r getent passwd
r newgrp nosuch
