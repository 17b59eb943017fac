# Completion for basehttpd and basehttpctl in bash.

_basehttpd() {
    local word=$2 line
    [[ $word != = ]] || word=
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            :files) mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$word") && compopt -o filenames ;;
            :directories) mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -d -- "$word") && compopt -o filenames ;;
            "$word"*) COMPREPLY+=("${line%%$'\t'*}") ;;
        esac
    done < <(/usr/share/basehttpd/complete "${COMP_WORDS[@]:0:COMP_CWORD}" "$word")
}

complete -F _basehttpd basehttpd basehttpctl
