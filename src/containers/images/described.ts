/** What is known of a public image besides its name (each from the image's own Dockerfile). */
export interface Described {
  readonly base?: 'alpine' | 'debian';
  readonly ports?: readonly number[];
  readonly command?: readonly string[];
  /** A script that prepares, then runs the command. */
  readonly entrypoint?: string;
  readonly volumes?: readonly string[];
  readonly workdir?: string;
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The variable that carries its version. */
  readonly version?: string;
  /** Megabytes above its base. */
  readonly size?: number;
  /** Its command is a shell of the base: nothing listens. */
  readonly shell?: true;
}

const script = { entrypoint: 'docker-entrypoint.sh' } as const;
/** A toolchain: a Debian with its version in a variable, and bash or its interpreter when run. */
const toolchain = (version: string, size: number, workdir?: string): Described => ({
  base: 'debian',
  shell: true,
  command: ['bash'],
  version,
  size,
  ...(workdir === undefined ? {} : { workdir }),
});

const official: Readonly<Record<string, Described>> = {
  adminer: { ports: [8080], ...script, user: 'root', size: 90 },
  amazonlinux: { base: 'debian', shell: true, command: ['/bin/bash'], size: 40 },
  archlinux: { base: 'debian', shell: true, command: ['/usr/bin/bash'], size: 300 },
  arangodb: { ports: [8529], size: 500 },
  caddy: { ports: [80, 443, 2019], command: ['caddy', 'run'], workdir: '/srv', version: 'CADDY_VERSION', size: 40 },
  cassandra: {
    base: 'debian',
    ports: [7000, 7001, 7199, 9042, 9160],
    volumes: ['/var/lib/cassandra'],
    ...script,
    size: 280,
  },
  centos: { base: 'debian', shell: true, command: ['/bin/bash'], size: 110 },
  consul: { ports: [8300, 8301, 8500, 8600], volumes: ['/consul/data'], size: 120 },
  couchbase: { base: 'debian', ports: [8091, 8092, 11210], volumes: ['/opt/couchbase/var'], size: 900 },
  couchdb: { base: 'debian', ports: [5984], volumes: ['/opt/couchdb/data'], size: 200 },
  docker: { ports: [2375, 2376], size: 350 },
  drupal: { base: 'debian', ports: [80], command: ['apache2-foreground'], workdir: '/opt/drupal', size: 480 },
  'eclipse-mosquitto': { ports: [1883], volumes: ['/mosquitto/data'], command: ['mosquitto'], size: 14 },
  'eclipse-temurin': toolchain('JAVA_VERSION', 320),
  elasticsearch: { base: 'debian', ports: [9200, 9300], size: 700 },
  fedora: { base: 'debian', shell: true, command: ['/bin/bash'], size: 90 },
  fluentd: { ports: [24224, 5140], command: ['fluentd'], size: 60 },
  gcc: toolchain('GCC_VERSION', 1300),
  ghost: {
    base: 'debian',
    ports: [2368],
    volumes: ['/var/lib/ghost/content'],
    ...script,
    version: 'GHOST_VERSION',
    size: 480,
  },
  golang: toolchain('GOLANG_VERSION', 780, '/go'),
  gradle: toolchain('GRADLE_VERSION', 700, '/home/gradle'),
  haproxy: { base: 'debian', ports: [80], ...script, version: 'HAPROXY_VERSION', size: 40 },
  influxdb: { base: 'debian', ports: [8086], volumes: ['/var/lib/influxdb2'], command: ['influxd'], size: 310 },
  jenkins: { base: 'debian', ports: [8080, 50000], volumes: ['/var/jenkins_home'], size: 480 },
  joomla: { base: 'debian', ports: [80], command: ['apache2-foreground'], size: 480 },
  kibana: { base: 'debian', ports: [5601], size: 800 },
  kong: { base: 'debian', ports: [8000, 8001, 8443], size: 220 },
  logstash: { base: 'debian', ports: [5044, 9600], size: 780 },
  maven: toolchain('MAVEN_VERSION', 420),
  memcached: {
    base: 'debian',
    ports: [11211],
    ...script,
    command: ['memcached'],
    user: 'nobody',
    version: 'MEMCACHED_VERSION',
    size: 10,
  },
  'mongo-express': { ports: [8081], ...script, command: ['mongo-express'], size: 170 },
  nats: { ports: [4222, 6222, 8222], command: ['nats-server'], size: 12 },
  neo4j: { base: 'debian', ports: [7474, 7687], volumes: ['/data', '/logs'], size: 500 },
  nextcloud: { base: 'debian', ports: [80], volumes: ['/var/www/html'], command: ['apache2-foreground'], size: 1100 },
  openjdk: toolchain('JAVA_VERSION', 350),
  oraclelinux: { base: 'debian', shell: true, command: ['/bin/bash'], size: 140 },
  perl: toolchain('PERL_VERSION', 780, '/usr/src/app'),
  php: toolchain('PHP_VERSION', 420),
  phpmyadmin: { base: 'debian', ports: [80], command: ['apache2-foreground'], size: 480 },
  rabbitmq: {
    base: 'debian',
    ports: [4369, 5671, 5672, 15691, 15692, 25672],
    volumes: ['/var/lib/rabbitmq'],
    ...script,
    command: ['rabbitmq-server'],
    version: 'RABBITMQ_VERSION',
    size: 150,
  },
  rethinkdb: { base: 'debian', ports: [8080, 28015, 29015], volumes: ['/data'], size: 80 },
  rockylinux: { base: 'debian', shell: true, command: ['/bin/bash'], size: 100 },
  almalinux: { base: 'debian', shell: true, command: ['/bin/bash'], size: 100 },
  ruby: toolchain('RUBY_VERSION', 880),
  rust: toolchain('RUST_VERSION', 1300),
  sonarqube: { base: 'debian', ports: [9000], size: 900 },
  swift: toolchain('SWIFT_VERSION', 2300),
  telegraf: { base: 'debian', ports: [8092, 8094, 8125], command: ['telegraf'], size: 400 },
  tomcat: {
    base: 'debian',
    ports: [8080],
    command: ['catalina.sh', 'run'],
    workdir: '/usr/local/tomcat',
    version: 'TOMCAT_VERSION',
    size: 400,
  },
  traefik: { ports: [80], command: ['traefik'], size: 210 },
  vault: { ports: [8200], volumes: ['/vault/file', '/vault/logs'], size: 230 },
  wordpress: {
    base: 'debian',
    ports: [80],
    volumes: ['/var/www/html'],
    ...script,
    command: ['apache2-foreground'],
    workdir: '/var/www/html',
    size: 580,
  },
  zookeeper: { base: 'debian', ports: [2181, 2888, 3888, 8080], volumes: ['/data', '/datalog'], ...script, size: 180 },
};

const others: Readonly<Record<string, Described>> = {
  'docker.io/alpine/git': { size: 30, command: ['git'] },
  'docker.io/apache/kafka': { ports: [9092], size: 380 },
  'docker.io/bitnami/nginx': { base: 'debian', ports: [8080, 8443], user: '1001', size: 100 },
  'docker.io/bitnami/redis': { base: 'debian', ports: [6379], user: '1001', size: 100 },
  'docker.io/confluentinc/cp-kafka': { base: 'debian', ports: [9092], user: '1000', size: 700 },
  'docker.io/confluentinc/cp-zookeeper': { base: 'debian', ports: [2181, 2888, 3888], user: '1000', size: 700 },
  'docker.io/containous/whoami': { ports: [80], size: 7 },
  'docker.io/dockersamples/examplevotingapp_vote': { ports: [80], size: 90 },
  'docker.io/dockersamples/examplevotingapp_result': { ports: [80], size: 120 },
  'docker.io/dockersamples/examplevotingapp_worker': { size: 80 },
  'docker.io/dockersamples/visualizer': { ports: [8080], size: 150 },
  'docker.io/dpage/pgadmin4': { ports: [80, 443], volumes: ['/var/lib/pgadmin'], size: 400 },
  'docker.io/envoyproxy/envoy': { base: 'debian', ports: [10000], size: 130 },
  'docker.io/fluent/fluent-bit': { base: 'debian', ports: [2020], size: 60 },
  'docker.io/gitea/gitea': { ports: [22, 3000], volumes: ['/data'], size: 160 },
  'docker.io/grafana/grafana': { ports: [3000], user: '472', workdir: '/usr/share/grafana', size: 480 },
  'docker.io/grafana/loki': { ports: [3100], user: '10001', size: 70 },
  'docker.io/hashicorp/vault': { ports: [8200], size: 230 },
  'docker.io/hashicorp/consul': { ports: [8300, 8301, 8500, 8600], size: 120 },
  'docker.io/jaegertracing/all-in-one': { ports: [14250, 14268, 16686], size: 60 },
  'docker.io/jenkins/jenkins': {
    base: 'debian',
    ports: [8080, 50000],
    volumes: ['/var/jenkins_home'],
    user: 'jenkins',
    size: 480,
  },
  'docker.io/kennethreitz/httpbin': { base: 'debian', ports: [80], size: 450 },
  'docker.io/localstack/localstack': { base: 'debian', ports: [4566], size: 1000 },
  'docker.io/minio/minio': { ports: [9000], volumes: ['/data'], size: 160 },
  'docker.io/nginxdemos/hello': { ports: [80], size: 10 },
  'docker.io/portainer/portainer-ce': { ports: [8000, 9000, 9443], volumes: ['/data'], size: 280 },
  'docker.io/prom/alertmanager': { ports: [9093], volumes: ['/alertmanager'], user: 'nobody', size: 70 },
  'docker.io/prom/node-exporter': { ports: [9100], user: 'nobody', size: 25 },
  'docker.io/prom/prometheus': { ports: [9090], volumes: ['/prometheus'], user: 'nobody', size: 290 },
  'docker.io/provectuslabs/kafka-ui': { ports: [8080], size: 280 },
  'docker.io/selenium/hub': { base: 'debian', ports: [4442, 4443, 4444], size: 300 },
  'docker.io/sonatype/nexus3': { base: 'debian', ports: [8081], volumes: ['/nexus-data'], size: 600 },
  'docker.io/wurstmeister/kafka': { ports: [9092], size: 450 },
  'docker.elastic.co/elasticsearch/elasticsearch': { base: 'debian', ports: [9200, 9300], size: 700 },
  'docker.elastic.co/kibana/kibana': { base: 'debian', ports: [5601], size: 800 },
  'gcr.io/google-samples/node-hello': { base: 'debian', ports: [8080], size: 600 },
  'gcr.io/google_samples/gb-frontend': { base: 'debian', ports: [80], size: 350 },
  'gcr.io/google_samples/gb-redisslave': { base: 'debian', ports: [6379], size: 110 },
  'gcr.io/kuar-demo/kuard-amd64': { ports: [8080], size: 20 },
  'mcr.microsoft.com/mssql/server': { base: 'debian', ports: [1433], user: 'mssql', size: 1500 },
  'quay.io/keycloak/keycloak': { base: 'debian', ports: [8080, 8443, 9000], size: 440 },
  'quay.io/prometheus/node-exporter': { ports: [9100], user: 'nobody', size: 25 },
  'registry.k8s.io/hpa-example': { base: 'debian', ports: [80], command: ['apache2-foreground'], size: 470 },
  'k8s.gcr.io/hpa-example': { base: 'debian', ports: [80], command: ['apache2-foreground'], size: 470 },
  'registry.k8s.io/nginx-slim': { ports: [80], size: 25 },
  'k8s.gcr.io/nginx-slim': { ports: [80], size: 25 },
};

/** By the repository's full name. */
export const described: ReadonlyMap<string, Described> = new Map([
  ...Object.entries(official).map(([name, about]): [string, Described] => [`docker.io/library/${name}`, about]),
  ...Object.entries(others),
]);
