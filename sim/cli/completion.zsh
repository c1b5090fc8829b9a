_insurgent_financing() {
    local -a ask=(${~words[1]}) found
    local code
    if [[ ${words[1]:t} == python* ]]; then
        if [[ $words[2] != -m || $words[3] != (sim|experiments) || CURRENT -lt 4 || ! -f sim/cli/completion.py ]]
        then
            _python 2>/dev/null || _default
            return
        fi
        ask+=(-m $words[3])
    fi
    local line="${(j: :)words[1,CURRENT-1]} $QIPREFIX$PREFIX"
    found=("${(@f)$($ask --complete "$PREFIX" "$line" 2>/dev/null </dev/null)}")
    code=$?
    if (( code == PATH )); then
        compset -P '*='
        _files
        return
    fi
    compadd -S '' -- ${(M)found:#*[=.]}
    compadd -- ${found:#(*[=.]|)}
}
compdef _insurgent_financing NAMES
