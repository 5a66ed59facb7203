import { expect, test } from 'vitest';
import { buildLab } from '../testing/lab';
import { app, leftovers, nothing } from '../testing/leftovers';
import { plain } from '../testing/plain';

test('the classic builder', async () => {
  const lab = await buildLab();
  const { build, engine } = lab;
  expect(plain(await build(app, 't=app&version=1'))).toMatchInlineSnapshot(`
    "Step 1/5 : FROM busybox

     ---> …
    Step 2/5 : WORKDIR /app

     ---> Running in …
     ---> Removed intermediate container …
     ---> …
    Step 3/5 : COPY . .

     ---> …
    Step 4/5 : RUN echo hi $PATH > out

     ---> Running in …
     ---> Removed intermediate container …
     ---> …
    Step 5/5 : CMD ["cat", "out"]

     ---> Running in …
     ---> Removed intermediate container …
     ---> …
    Successfully built …
    Successfully tagged app:latest"
  `);
  expect(plain(await build(app, 't=app:2&version=1&buildargs={"X":"1"}'))).toMatchInlineSnapshot(`
    "Step 1/5 : FROM busybox

     ---> …
    Step 2/5 : WORKDIR /app

     ---> Using cache
     ---> …
    Step 3/5 : COPY . .

     ---> Using cache
     ---> …
    Step 4/5 : RUN echo hi $PATH > out

     ---> Using cache
     ---> …
    Step 5/5 : CMD ["cat", "out"]

     ---> Using cache
     ---> …
    [Warning] One or more build-args [X] were not consumed
    Successfully built …
    Successfully tagged app:2"
  `);
  expect(engine.images.find('app')?.image.history.slice(1)).toMatchInlineSnapshot(`
    [
      {
        "comment": "buildkit.dockerfile.v0",
        "created": "2025-09-26T21:31:42Z",
        "created_by": "CMD ["sh"]",
        "empty_layer": true,
      },
      {
        "created": "2025-11-21T09:00:00.65007373Z",
        "created_by": "/bin/sh -c #(nop)  WORKDIR /app",
      },
      {
        "created": "2025-11-21T09:00:00.65007373Z",
        "created_by": "/bin/sh -c #(nop)  COPY dir:75489161cd0e0e2e670e8462a61ecc86adf100694dd130386bf8593b5a55de97 in /app/ ",
      },
      {
        "created": "2025-11-21T09:00:00.80507373Z",
        "created_by": "/bin/sh -c echo hi $PATH > out",
      },
      {
        "created": "2025-11-21T09:00:00.80507373Z",
        "created_by": "/bin/sh -c #(nop)  CMD ["cat" "out"]",
        "empty_layer": true,
      },
    ]
  `);
  const failing = { Dockerfile: 'FROM busybox\nRUN echo a && nosuch\n' };
  expect(plain(await build(failing, 'version=1&forcerm=1'))).toMatchInlineSnapshot(`
    "Step 1/2 : FROM busybox

     ---> …
    Step 2/2 : RUN echo a && nosuch

     ---> Running in …
    a
    [91m/bin/sh: nosuch: not found
    [0m
     ---> Removed intermediate container …
    ERROR The command '/bin/sh -c echo a && nosuch' returned a non-zero code: 127"
  `);
  expect(plain(await build({ Dockerfile: 'FROM busybox\nCOPY ../x /\n' }, 'version=1'))).toMatchInlineSnapshot(`
    "Step 1/2 : FROM busybox

     ---> …
    Step 2/2 : COPY ../x /

    ERROR COPY failed: forbidden path outside the build context: ../x ()"
  `);
  expect(plain(await build({ Dockerfile: 'FROM busybox\nENV\n' }, 'version=1'))).toMatchInlineSnapshot(`""`);
  expect(leftovers(lab)).toEqual(nothing);
});
