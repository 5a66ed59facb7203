import { expect, test } from 'vitest';
import { createLab, type Lab } from '../cluster/lab';
import { topologies } from '../cluster/topology';
import { bcrypt } from '../containers/registry/bcrypt';
import { concat, decode } from '../linux/io/bytes';
import { startLine } from './node/run-line';

/** A turn of Node's event loop; only tests come here. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function machine(): Promise<{ lab: Lab; type: (line: string) => Promise<string> }> {
  const topology = topologies['docker'];
  if (topology === undefined) throw new Error('there is no topology called docker');
  const lab = await createLab({
    topology,
    seed: 3,
    settle,
    fault: (fault) => {
      throw fault;
    },
  });
  await lab.boot();
  const type = async (line: string): Promise<string> => {
    const said: Uint8Array[] = [];
    const keep = (bytes: Uint8Array): boolean => said.push(bytes) > 0;
    const nothing = lab.first.fs.open('/dev/null', { read: true });
    if (!nothing.ok) throw new Error(nothing.error.message);
    const process = startLine(
      { lab },
      { argv: ['bash', '-c', line], stdin: nothing.value, stdout: keep, stderr: keep },
    );
    await lab.clock.runUntil(() => process.status !== undefined, { limit: 600_000 });
    await lab.clock.advanceTo(lab.clock.now);
    return decode(concat(said))
      .replace(/[0-9a-f]{64}/g, '…')
      .replace(/\b[0-9a-f]{12}\b/g, '…')
      .replace(/\b[0-9a-z]{25}\b/g, '…')
      .replace(/\d+\.\d+s/g, '…s')
      .replaceAll('\r', '');
  };
  return { lab, type };
}

const registryRuns = 'docker run -d -p 5000:5000 --name registry registry:2 >/dev/null 2>&1; sleep 1';
const baseIsThere =
  'docker pull -q alpine >/dev/null; docker tag alpine localhost:5000/base:1; docker push -q localhost:5000/base:1 >/dev/null; docker rmi -f localhost:5000/base:1 alpine >/dev/null';

test('builds begin with an image from a registry of this network, and push there', { timeout: 120_000 }, async () => {
  const { type } = await machine();
  await type(`${registryRuns}; ${baseIsThere}; mkdir -p /root/app`);
  await type(`printf 'FROM localhost:5000/base:1\\nRUN echo hi > /hi\\nCMD ["cat","/hi"]\\n' > /root/app/Dockerfile`);
  await type(
    `printf 'FROM localhost:5000/nope:1\\n' > /root/app/nope; printf 'FROM localhost:9/x\\n' > /root/app/dead`,
  );
  expect(
    await type(
      'cd app; docker build --push -t localhost:5000/app:2 . ; docker run --rm localhost:5000/app:2; docker images',
    ),
  ).toMatchInlineSnapshot(`
    "#0 building with "default" instance using docker driver

    #1 [internal] load build definition from Dockerfile
    #1 transferring dockerfile: 100B done
    #1 DONE …s

    #2 [internal] load metadata for localhost:5000/base:1
    #2 DONE …s

    #3 [internal] load .dockerignore
    #3 transferring context: 2B done
    #3 DONE …s

    #4 [1/2] FROM localhost:5000/base:1@sha256:…
    #4 resolve localhost:5000/base:1@sha256:… done
    #4 DONE …s

    #5 [2/2] RUN echo hi > /hi
    #5 DONE …s

    #6 exporting to image
    #6 exporting layers done
    #6 writing image sha256:… done
    #6 naming to localhost:5000/app:2 done
    #6 DONE …s

    #7 pushing localhost:5000/app:2 with docker
    #7 pushing layer … done
    #7 DONE …s
    hi
    REPOSITORY           TAG       IMAGE ID       CREATED                  SIZE
    localhost:5000/app   2         …   Less than a second ago   7.4MB
    registry             2         …   2 years ago              32.5MB
    "
  `);
  expect(
    await type(
      'cd app; DOCKER_BUILDKIT=0 docker build -q --no-cache -t app:3 . && docker run --rm app:3; docker images localhost:5000/base',
    ),
  ).toMatchInlineSnapshot(`
    "DEPRECATED: The legacy builder is deprecated and will be removed in a future release.
                BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0
                environment-variable.

    sha256:…
    hi
    REPOSITORY            TAG       IMAGE ID       CREATED        SIZE
    localhost:5000/base   1         …   2 months ago   7.4MB
    "
  `);
  expect(
    await type(
      'cd app; for f in nope dead; do docker build -q -f $f .; DOCKER_BUILDKIT=0 docker build -q -f $f .; done; docker build -q --push -t localhost:9/app .',
    ),
  ).toMatchInlineSnapshot(`
    "nope:1
    --------------------
       1 | >>> FROM localhost:5000/nope:1
       2 |     
    --------------------
    ERROR: failed to build: failed to solve: localhost:5000/nope:1: failed to resolve source metadata for localhost:5000/nope:1: localhost:5000/nope:1: not found
    DEPRECATED: The legacy builder is deprecated and will be removed in a future release.
                BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0
                environment-variable.

    manifest for localhost:5000/nope:1 not found: manifest unknown: manifest unknown
    dead:1
    --------------------
       1 | >>> FROM localhost:9/x
       2 |     
    --------------------
    ERROR: failed to build: failed to solve: localhost:9/x: failed to resolve source metadata for localhost:9/x:latest: failed to do request: Head "https://localhost:9/v2/x/manifests/latest": dial tcp 127.0.0.1:9: connect: connection refused
    DEPRECATED: The legacy builder is deprecated and will be removed in a future release.
                BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0
                environment-variable.

    Get "http://localhost:9/v2/": dial tcp 127.0.0.1:9: connect: connection refused
    ERROR: failed to build: Get "http://localhost:9/v2/": dial tcp 127.0.0.1:9: connect: connection refused
    "
  `);
});

test('a registry that wants to know who it is', async () => {
  const { type, lab } = await machine();
  lab.first.fs.writeFile('/root/htpasswd', `me:${bcrypt('secret', new Uint8Array(16).fill(7), 5)}\n`);
  await type(
    'docker run -d -p 5000:5000 -v /root/htpasswd:/auth/htpasswd -e REGISTRY_AUTH=htpasswd -e REGISTRY_AUTH_HTPASSWD_REALM=r -e REGISTRY_AUTH_HTPASSWD_PATH=/auth/htpasswd --name registry registry:2 >/dev/null 2>&1; sleep 1',
  );
  const login = 'docker login -u me -p secret localhost:5000 >/dev/null 2>&1';
  await type(`${login}; ${baseIsThere}; docker logout localhost:5000`);
  const build = `printf 'FROM localhost:5000/base:1\\n' | docker build -q -t localhost:5000/own --push -`;
  expect(await type(build)).toMatchInlineSnapshot(`
    "Dockerfile:1
    --------------------
       1 | >>> FROM localhost:5000/base:1
       2 |     
    --------------------
    ERROR: failed to build: failed to solve: localhost:5000/base:1: failed to resolve source metadata for localhost:5000/base:1: pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials
    "
  `);
  expect(await type(`${login}; ${build}`)).toMatchInlineSnapshot(`
    "sha256:…
    "
  `);
});

test('tasks of a service come from such a registry, too', async () => {
  const { type } = await machine();
  await type(`${registryRuns}; ${baseIsThere}; docker swarm init`);
  await type('docker service create -q --name own --detach localhost:5000/base:1 sleep 1000; sleep 8');
  expect(await type(`docker service ps own --format '{{.Image}} {{.DesiredState}} {{.Error}}'`)).toMatchInlineSnapshot(`
    "localhost:5000/base:1 Running 
    "
  `);
});

test('Docker Hub has had enough; names that nobody may read', async () => {
  const { type, lab } = await machine();
  lab.registries.anonymousPulls = 1;
  await type('docker pull -q busybox');
  expect(
    await type(
      `docker pull alpine; printf 'FROM redis\\n' | docker build -q -; docker pull -q ghcr.io/acme/private; docker pull -q quay.io/acme/private; docker run gcr.io/acme/private`,
    ),
  ).toMatchInlineSnapshot(`
    "Using default tag: latest
    Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit
    Dockerfile:1
    --------------------
       1 | >>> FROM redis
       2 |     
    --------------------
    ERROR: failed to build: failed to solve: redis: failed to resolve source metadata for docker.io/library/redis:latest: unexpected status from HEAD request to https://registry-1.docker.io/v2/library/redis/manifests/latest: 429 Too Many Requests
    toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit
    Error response from daemon: Head "https://ghcr.io/v2/acme/private/manifests/latest": unauthorized
    Error response from daemon: unauthorized: access to the requested resource is not authorized
    Unable to find image 'gcr.io/acme/private:latest' locally
    docker: Error response from daemon: Head "https://gcr.io/v2/acme/private/manifests/latest": denied: Unauthenticated request. Unauthenticated requests do not have permission "artifactregistry.repositories.downloadArtifacts" on resource "projects/acme/locations/us/repositories/gcr.io" (or it may not exist)

    Run 'docker run --help' for more information
    "
  `);
});

test('images are there for several platforms; programs of another do not run', async () => {
  const { type } = await machine();
  expect(
    await type(
      `docker pull -q --platform linux/arm64 alpine; docker image inspect -f '{{.Os}}/{{.Architecture}}/{{.Variant}}' alpine; docker run --rm alpine true; echo "status $?"; docker run --rm --platform linux/amd64 alpine uname -m`,
    ),
  ).toMatchInlineSnapshot(`
    "docker.io/library/alpine:latest
    linux/arm64/v8
    WARNING: The requested image's platform (linux/arm64/v8) does not match the detected host platform (linux/amd64/v3) and no specific platform was requested
    exec /bin/true: exec format error
    status 255
    Unable to find image 'alpine:latest' locally
    latest: Pulling from library/alpine
    …: Pulling fs layer
    …: Verifying Checksum
    …: Download complete
    …: Pull complete
    Digest: sha256:…
    Status: Downloaded newer image for alpine:latest
    x86_64
    "
  `);
  expect(
    await type(
      'docker manifest inspect alpine | grep -c digest; docker buildx imagetools inspect alpine; docker pull -q --platform linux/s390x alpine',
    ),
  ).toMatchInlineSnapshot(`
    "2
    Name:      docker.io/library/alpine:latest
    MediaType: application/vnd.oci.image.index.v1+json
    Digest:    sha256:…
               
    Manifests: 
      Name:      docker.io/library/alpine:latest@sha256:…
      MediaType: application/vnd.oci.image.manifest.v1+json
      Platform:  linux/amd64
                 
      Name:      docker.io/library/alpine:latest@sha256:…
      MediaType: application/vnd.oci.image.manifest.v1+json
      Platform:  linux/arm64/v8
    no matching manifest for linux/s390x in the manifest list entries
    "
  `);
  await type(`printf 'FROM alpine\\nRUN echo hi\\n' > Dockerfile; printf 'FROM alpine\\nENV A=b\\n' > other`);
  expect(
    await type(
      `docker build -q --platform linux/arm64 . 2>&1 | tail -1; docker build -q --platform linux/arm64 -t other -f other .; docker inspect -f '{{.Architecture}} {{.Variant}}' other; docker build -q .`,
    ),
  ).toMatchInlineSnapshot(`
    "ERROR: failed to build: failed to solve: process "/bin/sh -c echo hi" did not complete successfully: exit code: 255
    sha256:…
    arm64 v8
    sha256:…
    "
  `);
  // By which digest an index is pulled, by that it is known.
  expect(
    await type(
      `docker pull -q alpine@$(docker inspect -f '{{index .RepoDigests 0}}' alpine | cut -d@ -f2); docker manifest inspect no-such-image; docker manifest inspect alpine:9`,
    ),
  ).toMatchInlineSnapshot(`
    "docker.io/library/alpine@sha256:…
    errors:
    denied: requested access to the resource is denied
    unauthorized: authentication required

    no such manifest: docker.io/library/alpine:9
    "
  `);
});
