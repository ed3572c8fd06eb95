# prepare.py NAME: lays a recipe (/build/given) and its source out in /build/recipe and /build/src, patched, as tools/sources and
# tools/builder do. In Python, as the only reader of JSON that the C compiler's package has.
import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib

name = sys.argv[1]
given, recipe, source = "/build/given", "/build/recipe", "/build/src"
epoch = int(os.environ["SOURCE_DATE_EPOCH"])


def stop(where, what, fix):
    sys.exit(f"{where}: {what}\n  {fix}")


def read(file):
    try:
        with open(f"{given}/{file}") as text:
            return json.load(text)
    except (OSError, ValueError) as error:
        stop(f"{name}/{file}", f"cannot be read: {error}", "expected a recipe: docs/add-a-package.md")


def find(file, checksum):
    """The path of a file of the lock, verified."""
    for called in (checksum, file):
        path = f"/build/sources/{called}"
        if not os.path.isfile(path):
            continue
        with open(path, "rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
        if found == checksum:
            return path
        stop(called, f"is not what {name}/tcz.lock names: expected sha256 {checksum}, found {found}", "fetch it anew")
    fix = f"a machine that has built {name} has it: ~/.cache/boot2podman/sources/sha256/{checksum}"
    stop(file, "is not in the folder of sources, nor by its SHA-256", fix)


def extract(tarball, folder):
    options = ["--extract", "--no-same-owner", "--preserve-permissions", "--delay-directory-restore"]
    subprocess.run(["tar", *options, f"--file={tarball}", f"--directory={folder}"], check=True)


def unpack(tarball, folder):
    """Its one top folder, that nearly all have, is left away."""
    os.makedirs(folder, exist_ok=True)
    extract(tarball, folder)
    with os.scandir(folder) as entries:
        top, *more = entries
    if more or not top.is_dir(follow_symlinks=False):
        return
    # A new name first: the top folder may hold an entry of its own name.
    moved = f"{folder}/.{top.name}.top"
    os.rename(top.path, moved)
    for entry in os.listdir(moved):
        os.rename(f"{moved}/{entry}", f"{folder}/{entry}")
    os.rmdir(moved)


def unpack_crates():
    """What Cargo.lock names, as cargo expects it in a folder that stands for the registry."""
    with open(f"{source}/Cargo.lock", "rb") as text:
        crates = [crate for crate in tomllib.load(text)["package"] if "checksum" in crate]
    for crate in crates:
        called = f"{crate['name']}-{crate['version']}"
        unpack(find(f"{called}.crate", crate["checksum"]), f"{source}/vendor/{called}")
        with open(f"{source}/vendor/{called}/.cargo-checksum.json", "w") as checksum:
            json.dump({"files": {}, "package": crate["checksum"]}, checksum)
    os.mkdir(f"{source}/.cargo")
    with open(f"{source}/.cargo/config.toml", "w") as config:
        config.write('[source.crates-io]\nreplace-with = "vendored"\n\n')
        config.write('[source.vendored]\ndirectory = "vendor"\n\n[net]\noffline = true\n')


def unpack_source(kinds, lock):
    match kinds:
        case {"local": folder}:
            shutil.copytree(f"{given}/{folder}", source, symlinks=True, dirs_exist_ok=True)
        case {"go": _}:
            for pattern in ("go.mod", "go.sum", "**/*.go", "**/*.varlink"):
                for path in glob.glob(pattern, root_dir=given, recursive=True):
                    os.makedirs(os.path.dirname(f"{source}/{path}"), exist_ok=True)
                    shutil.copy(f"{given}/{path}", f"{source}/{path}")
            for file in lock:
                if file["name"] == "vendor.tar":
                    extract(find(file["name"], file["sha256"]), source)
        case {"debsrc": _} | {"url": _}:
            for file in lock:
                unpack(find(file["name"], file["sha256"]), source)
        case {"cargo": _}:
            for file in lock:
                unpack(find(f"{file['name']}-{file['version']}.crate", file["sha256"]), source)
            unpack_crates()
        case _:
            fix = f"./b2p tcz {name} on another machine; here: tce-load -wi {name}"
            stop(f"{name}/tcz.json", "is made of Debian's packages, which are not taken apart here", fix)


def settle(folder, mode_of):
    """Modes that depend neither on who unpacked it nor on a umask."""
    os.chmod(folder, 0o755)
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            settle(entry.path, mode_of)
        elif not entry.is_symlink():
            os.chmod(entry.path, mode_of(entry.stat().st_mode))


def apply_patches():
    for patch in sorted(glob.glob(f"{given}/patches/*.patch")):
        command = ["patch", "-p1", "--batch", "--forward", "--no-backup-if-mismatch", "--directory", source]
        with open(patch) as text:
            said = subprocess.run(command, stdin=text, capture_output=True, text=True)
        if said.returncode != 0:
            fix = said.stdout.strip().replace("\n", "\n  ")
            stop(f"{name}/patches/{os.path.basename(patch)}", f"does not apply to {about['version']}", fix)


def copy_recipe():
    """Git knows one bit of a mode and no times: so neither does the copy."""
    shutil.copytree(given, recipe, symlinks=True, dirs_exist_ok=True)
    settle(recipe, lambda mode: 0o755 if mode & 0o100 else 0o644)
    for folder, folders, files in os.walk(recipe):
        for entry in folders + files:
            os.utime(f"{folder}/{entry}", (epoch, epoch), follow_symlinks=False)
    if os.path.exists(f"{recipe}/build.sh"):
        os.chmod(f"{recipe}/build.sh", 0o755)


about = read("tcz.json")
unpack_source(about["source"], read("tcz.lock")["files"] if os.path.exists(f"{given}/tcz.lock") else [])
settle(source, lambda mode: mode & 0o6000 | (0o755 if mode & 0o111 else 0o644))
apply_patches()
copy_recipe()
with open("/build/version", "w") as version:
    print(about["version"], file=version)
