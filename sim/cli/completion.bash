_insurgent_financing() {
    local IFS=$'\n' ask=("${1/#\~/$HOME}")
    if [[ ${1##*/} == python* ]]; then
        if [[ ${COMP_WORDS[1]} != -m || ! ${COMP_WORDS[2]} =~ ^(sim|experiments)$ || $COMP_CWORD -lt 3 ||
              ! -f sim/cli/completion.py ]]; then
            if [[ -n $_insurgent_financing_else ]]; then "$_insurgent_financing_else" "$@"
            else compopt -o default 2>/dev/null; fi
            return
        fi
        ask+=(-m "${COMP_WORDS[2]}")
    fi
    COMPREPLY=($("${ask[@]}" --complete "$2" "${COMP_LINE:0:COMP_POINT}" 2>/dev/null </dev/null))
    if (( $? == PATH )); then compopt -o default 2>/dev/null; fi
    if [[ ${COMPREPLY[*]} == *[=.] ]]; then compopt -o nospace 2>/dev/null; fi
}
if [[ $(complete -p python 2>/dev/null) =~ -F\ ([^ ]+) && ${BASH_REMATCH[1]} != _insurgent_financing ]]; then
    _insurgent_financing_else=${BASH_REMATCH[1]}
fi
complete -F _insurgent_financing NAMES
