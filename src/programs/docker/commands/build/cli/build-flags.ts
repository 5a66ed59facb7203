import { flags } from '../../../cli/flags';

const common = `
  --metadata-file string | Write build result metadata to a file
  --no-cache | Do not use cache when building the image
  --progress string | Set type of progress output ("auto", "none",  "plain", "quiet", "rawjson", "tty"). Use plain to show container output (default "auto")
  --pull | Always attempt to pull all referenced images
`;

/** Flags of `docker buildx build` (commands/build.go). */
export const buildFlags = flags(`
  ${common}
  --add-host strings | Add a custom host-to-IP mapping (format: "host:ip")
  --allow stringArray | Allow extra privileged entitlement (e.g., "network.host", "security.insecure", "device")
  --annotation stringArray | Add annotation to the image
  --attest stringArray | Attestation parameters (format: "type=sbom,generator=image")
  --build-arg stringArray | Set build-time variables
  --build-context stringArray | Additional build contexts (e.g., name=path)
  --cache-from stringArray | External cache sources (e.g., "user/app:cache", "type=local,src=path/to/dir")
  --cache-to stringArray | Cache export destinations (e.g., "user/app:cache", "type=local,dest=path/to/dir")
  --call string | Set method for evaluating build ("check", "outline", "targets") (default "build")
  --cgroup-parent string | Set the parent cgroup for the "RUN" instructions during build
  --check | Shorthand for "--call=check"
  !--compress | Compress the build context using gzip
  !--cpu-period int | Limit the CPU CFS (Completely Fair Scheduler) period
  !--cpu-quota int | Limit the CPU CFS (Completely Fair Scheduler) quota
  !-c, --cpu-shares int | CPU shares (relative weight)
  !--cpuset-cpus string | CPUs in which to allow execution ("0-3", "0,1")
  !--cpuset-mems string | MEMs in which to allow execution ("0-3", "0,1")
  -f, --file string | Name of the Dockerfile (default: "PATH/Dockerfile")
  !--force-rm | Always remove intermediate containers
  --iidfile string | Write the image ID to a file
  !--isolation string | Container isolation technology
  --label stringArray | Set metadata for an image
  --load | Shorthand for "--output=type=docker"
  !-m, --memory string | Memory limit
  !--memory-swap string | Swap limit equal to memory plus swap: "-1" to enable unlimited swap
  --network string | Set the networking mode for the "RUN" instructions during build (default "default")
  --no-cache-filter stringArray | Do not cache specified stages
  -o, --output stringArray | Output destination (format: "type=local,dest=path")
  --platform stringArray | Set target platform for build
  !--print string | Print result of information request (e.g., outline, targets)
  --provenance string | Shorthand for "--attest=type=provenance"
  --push | Shorthand for "--output=type=registry"
  -q, --quiet | Suppress the build output and print image ID on success
  !--rm | Remove intermediate containers after a successful build
  --sbom string | Shorthand for "--attest=type=sbom"
  --secret stringArray | Secret to expose to the build (format: "id=mysecret[,src=/local/secret]")
  !--security-opt strings | Security options
  --shm-size bytes | Shared memory size for build containers
  !--squash | Squash newly built layers into a single new layer
  --ssh stringArray | SSH agent socket or keys to expose to the build (format: "default|<id>[=<socket>|<key>[,<key>]]")
  -t, --tag stringArray | Name and optionally a tag (format: "name:tag")
  --target string | Set the target build stage to build
  --ulimit ulimit | Ulimit options (default [])
`);

/** Flags of `docker buildx bake` (commands/bake.go). */
export const bakeFlags = flags(`
  ${common}
  --allow stringArray | Allow build to access specified resources
  --call string | Set method for evaluating build ("check", "outline", "targets") (default "build")
  --check | Shorthand for "--call=check"
  -f, --file stringArray | Build definition file
  --list string | List targets or variables
  --load | Shorthand for "--set=*.output=type=docker". Conditional.
  --print | Print the options without building
  --provenance string | Shorthand for "--set=*.attest=type=provenance"
  --push | Shorthand for "--set=*.output=type=registry". Conditional.
  --sbom string | Shorthand for "--set=*.attest=type=sbom"
  --set stringArray | Override target value (e.g., "targetpattern.key=value")
`);
