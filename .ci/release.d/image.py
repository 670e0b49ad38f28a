"""An image of the Open Container Initiative with nothing but the program in it, as an archive of its layout."""

import hashlib
import json
import time

import archives
import project


def encoded(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def digest(contents):
    return hashlib.sha256(contents).hexdigest()


def descriptor(kind, contents, **more):
    return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{digest(contents)}", "size": len(contents)} | more


def layout(program, version, licences, expression, epoch):
    files = {f"usr/bin/{project.NAME}": archives.File(program, 0o755)}
    files |= {f"usr/share/doc/{project.NAME}/{path}": file for path, file in licences.items()}
    bare = archives.tar(files, epoch)
    layer = archives.gz(bare)
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch))
    platform = {"architecture": project.MACHINES[project.MACHINE], "os": "linux"}
    labels = {
        "org.opencontainers.image.title": project.NAME,
        "org.opencontainers.image.description": project.SUMMARY,
        "org.opencontainers.image.version": version,
        "org.opencontainers.image.licenses": expression,
        "org.opencontainers.image.created": created,
    }
    config = encoded(platform | {
        "created": created,
        "config": {"Entrypoint": [f"/usr/bin/{project.NAME}"], "WorkingDir": "/work", "Labels": labels},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest(bare)}"]},
        "history": [{"created": created, "created_by": ".ci/release"}],
    })
    manifest = encoded({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": descriptor("config.v1+json", config),
        "layers": [descriptor("layer.v1.tar+gzip", layer)],
        "annotations": labels,
    })
    # Podman takes the whole text for the image's name: a version alone would be an image of that name.
    name = {"org.opencontainers.image.ref.name": f"{project.NAME}:{version}"}
    index = encoded({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [descriptor("manifest.v1+json", manifest, platform=platform, annotations=name)],
    })
    blobs = {f"blobs/sha256/{digest(blob)}": archives.File(blob) for blob in (config, layer, manifest)}
    parts = {"oci-layout": archives.File(encoded({"imageLayoutVersion": "1.0.0"})), "index.json": archives.File(index)}
    return archives.tar(blobs | parts, epoch)
