#compdef basehttpd basehttpctl
# Completion for basehttpd and basehttpctl in zsh.

local line
local -a described
for line in "${(@f)$(/usr/share/basehttpd/complete "${(@)words[1,CURRENT-1]}" "$PREFIX")}"; do
    case $line in
        '') ;;
        :files) _files ;;
        :directories) _files -/ ;;
        *) described+=("${line/$'\t'/:}") ;;
    esac
done
_describe -o "$service" described
