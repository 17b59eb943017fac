# Completion for basehttpd and basehttpctl in fish: each has a file of its own name.

function __basehttpd_complete
    for line in (/usr/share/basehttpd/complete (commandline -opc) (commandline -ct))
        switch $line
            case :files
                __fish_complete_path (commandline -ct)
            case :directories
                __fish_complete_directories (commandline -ct) ''
            case '*'
                echo $line
        end
    end
end

complete -c (status basename | string replace .fish '') -f -a '(__basehttpd_complete)'
