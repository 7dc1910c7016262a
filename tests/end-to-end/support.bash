# What end-to-end tests share.

fail() {
    printf '%s, in line %s; printed was:\n%s\n' "$1" "${BASH_LINENO[1]}" "${printed-}"
    exit 1
}

# Runs a command; its status goes into $status, all that it prints into $printed.
run() {
    status=0
    printed=$("$@" 2>&1) || status=$?
}

status_is() { [ "$status" -eq "$1" ] || fail "status $status instead of $1"; }
prints() { [[ $printed == *"$1"* ]] || fail "does not print: $1"; }
prints_not() { [[ $printed != *"$1"* ]] || fail "prints: $1"; }
prints_nothing() { [ -z "$printed" ] || fail "prints something"; }

# The files of this checkout, with what is not committed yet, as a repository of its own.
fresh_checkout() {
    mkdir -p "$1"
    (
        cd "$ROOT"
        if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
            git ls-files -z --cached --others --exclude-standard
        else
            find . -path ./target -prune -o -type f -print0
        fi
    ) | while IFS= read -r -d '' file; do
        [ ! -e "$ROOT/$file" ] || printf '%s\0' "$file"
    done | tar -C "$ROOT" --null -T - -cf - | tar -C "$1" -xf -
    git -C "$1" init -q
    git -C "$1" add --all --force
    git -C "$1" commit -qm 'As it is'
}

# The version in Cargo.toml, which README.md names too.
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml" | head -n 1)

# The address of the project, as README.md writes it, leads git to a fresh checkout at $1 with the tag of its version. The
# environment says so, for pre-commit lets no other settings through.
published_at() {
    fresh_checkout "$1"
    git -C "$1" tag "v$version"
    export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="url.$1.insteadOf" GIT_CONFIG_VALUE_0=https://github.com/example/cloudfront-lint
}

# The block of README.md that follows `<!-- recipe: NAME -->`.
recipe() {
    awk -v marker="<!-- recipe: $1 -->" '
        $0 == marker { found = 1; next }
        found && /^```/ { if (inside) { exit } inside = 1; next }
        inside { print }
        found && !inside && NF { exit }
    ' "$ROOT/README.md" | grep . || fail "README.md has no recipe $1"
}

# The command in the table "Install" of README.md that begins so.
installation() {
    sed -n "s/^| \`\($1 .*\)\` |.*/\1/p" "$ROOT/README.md" | grep . || fail "README.md does not install with $1"
}
