using ThinDeployer.Shell;

namespace ThinDeployer.Tests.Shell;

/// <summary>
/// Commands that read %v% as code, each with its reader, and near ones that don't. <c>‹a b›</c> stands for one line for each of these
/// words, and <c>*</c> in the reader for that word.
/// </summary>
internal static class CodeCases
{
    private const string Found = """
        * -c           ## ‹sh ash bash csh dash fish ksh mksh rbash tcsh zsh› -c "rm %v%"
        bash -c        ## bash -ec 'rm %v%'
        bash -c        ## /bin/bash -o pipefail -c "rm %v%"
        sh -c          ## sudo -u deploy timeout 5 sh -c "rm %v%"
        sh -c          ## docker compose exec app sh -c "rm %v%"
        sh -c          ## find . -exec sh -c "rm %v%" \;
        sh -c          ## printf '%s\0' a | xargs -0 sh -c "rm %v%"
        sh -c          ## cd /srv && sh -c "rm %v%"
        sh -c          ## if true; then sh -c "rm %v%"; fi
        sh -c          ## A=b sh -c "rm %v%" > log 2>&1
        sh -c          ## echo "$(sh -c "rm %v%")"
        rsync -e       ## ‹builtin busybox bwrap chroot chronic chrt command dbus-run-session doas docker docker-compose› x rsync -e "ssh -p %v%" a host:b
        rsync -e       ## ‹env exec fakeroot find firejail flock gosu incus ionice ip kubectl lxc nerdctl nice nohup› x rsync -e "ssh -p %v%" a host:b
        rsync -e       ## ‹nsenter numactl oc pkexec podman proxychains4 runuser setarch setpriv setsid ssh-agent› x rsync -e "ssh -p %v%" a host:b
        rsync -e       ## ‹sshpass stdbuf strace su su-exec sudo systemd-run taskset /usr/bin/time timeout tini› x rsync -e "ssh -p %v%" a host:b
        rsync -e       ## ‹torsocks unshare xargs xvfb-run› x rsync -e "ssh -p %v%" a host:b
        ssh            ## sshpass -p x ssh host "rm %v%"
        *              ## ‹BROWSER CVS_RSH EDITOR FCEDIT GIT_ASKPASS GIT_CONFIG_PARAMETERS GIT_EDITOR GIT_EXTERNAL_DIFF›=%v% git log
        *              ## ‹GIT_PAGER GIT_PROXY_COMMAND GIT_SEQUENCE_EDITOR GIT_SSH GIT_SSH_COMMAND GNUMAKEFLAGS›="ssh -i %v%" git fetch
        *              ## ‹JAVA_TOOL_OPTIONS KUBE_EDITOR LD_AUDIT LD_PRELOAD LESSCLOSE LESSOPEN MAKEFLAGS MANPAGER›=%v% x
        *              ## ‹NODE_OPTIONS PAGER PERL5OPT PERL5DB PYTHONSTARTUP RSYNC_RSH RUBYOPT SSH_ASKPASS SUDO_EDITOR›=%v% x
        *              ## ‹SYSTEMD_EDITOR SYSTEMD_PAGER TAR_OPTIONS VISUAL›=%v% x
        GIT_SSH        ## export A=b GIT_SSH=%v%
        GIT_SSH        ## GIT_SSH=%v%
        GIT_SSH        ## sudo GIT_SSH=%v% git fetch
        eval           ## eval rm %v%
        eval           ## eval "rm %v%"
        eval           ## eval "$(echo "rm %v%")"
        sh -c          ## sh -c "$(printf 'rm %s' %v%)"
        trap           ## trap "rm %v%" EXIT
        trap           ## trap -- "rm %v%" EXIT
        * -C           ## ‹mapfile readarray› -C "echo %v%" -c 1 lines
        compgen *      ## compgen ‹-C -W› %v%
        test -v        ## test -v %v%
        [ -v           ## [ -v %v% ]
        printf -v      ## printf -v %v% x
        read           ## read -r -d x %v%
        unset          ## unset %v%
        * -c           ## ‹flock runuser script su vagrant› x -c "rm %v%"
        su *           ## su deploy ‹--command --session-command› "rm %v%"
        script -c      ## script -qc "rm %v%" /dev/null
        sg             ## sg docker "rm %v%"
        sg -c          ## sg docker -c "rm %v%"
        env *          ## env ‹-S --split-string›="%v%"
        nix-shell *    ## nix-shell ‹--command --run› "make %v%"
        split --filter ## split --filter="gzip > %v%" dump
        watch          ## watch -n 2 ls %v%
        parallel       ## parallel -j 2 echo %v% ::: a
        ssh            ## FOO=1 ssh host %v%
        ssh            ## ssh host "rm %v%"
        ssh            ## ssh host rm -r %v%
        ssh            ## ssh host rm -r%v%
        ssh            ## ssh -p 22 -oBatchMode=yes -i key host rm %v%
        ssh            ## ssh -tp 22 host rm %v%
        autossh        ## autossh host rm %v%
        * -o           ## ‹ssh autossh scp sftp sshfs› -o "ProxyCommand=nc %v% 22" host
        ssh -o         ## ssh -o ‹KnownHostsCommand LocalCommand RemoteCommand proxycommand›=%v% host
        ssh -o         ## ssh -o "ProxyCommand nc %v% 22" host
        ssh -o         ## ssh -oProxyCommand=%v% host
        ssh -o         ## ssh -o %v% host
        sshfs -o       ## sshfs -o ssh_command=%v% host: /mnt
        scp -o         ## scp -o ‹KnownHostsCommand LocalCommand RemoteCommand›=%v% a host:
        * -S           ## ‹scp sftp sshfs› -S %v% a host:b
        lftp *         ## lftp ‹-c -e› "open %v%"
        mosh --ssh     ## mosh --ssh="ssh -p %v%" host
        *              ## ‹pdsh clush› -w a,b rm %v%
        gcloud --command ## gcloud compute ssh host --command "rm %v%"
        * -C           ## ‹fly flyctl› ssh console -C "rm %v%"
        fly --command  ## fly ssh console --command "rm %v%"
        * -e           ## ‹nc ncat› -e "tool %v%" host 1
        nc *           ## nc ‹-c --exec --sh-exec› "tool %v%" host 1
        socat          ## socat - ‹EXEC SHELL SYSTEM exec›:"tool %v%"
        rsync *        ## rsync -az ‹-e --rsh --rsync-path› "ssh -p %v%" a host:b
        rsync -e       ## rsync -avze "ssh -p %v%" a host:b
        rsync --rsh    ## rsync --rsh="ssh -p %v%" a host:b
        git -c         ## git ‹-p clone› -c ‹alias.x core.askPass core.editor core.fsmonitor core.gitProxy core.hooksPath›=%v% x
        git -c         ## git ‹-p clone› -c ‹core.pager core.sshCommand CORE.SSHCOMMAND credential.helper credential.https://x.helper›=%v% x
        git -c         ## git ‹-p clone› -c ‹diff.external diff.x.command diff.x.textconv difftool.x.cmd filter.x.clean filter.x.process›=%v% x
        git -c         ## git ‹-p clone› -c ‹filter.x.smudge gpg.program gpg.x.program merge.x.driver mergetool.x.cmd pager.log›=%v% x
        git -c         ## git ‹-p clone› -c ‹remote.x.receivepack remote.x.uploadpack sequence.editor submodule.x.update›=%v% x
        git -c         ## git -c %v% fetch
        git -c         ## git ‹-C --git-dir --namespace --work-tree› x -c core.pager=%v% log
        git -c         ## git -c "core.sshCommand=ssh -i %v%" fetch
        git            ## git clone "ext::sh -c %v%"
        git --exec     ## git ‹archive clone fetch fetch-pack ls-remote pull push send-pack› --exec=%v% x
        git *          ## git fetch ‹--receive-pack --upload-pack› "tool %v%" x
        git -u         ## git clone -u "tool %v%" x
        git --config   ## git clone --config core.sshCommand=%v% x
        git            ## git config --global ‹alias.x core.sshCommand› %v%
        git            ## git config ‹alias.x core.askPass core.editor core.fsmonitor core.gitProxy core.hooksPath› %v%
        git            ## git config ‹core.pager core.sshCommand CORE.SSHCOMMAND credential.helper credential.https://x.helper› %v%
        git            ## git config ‹diff.external diff.x.command diff.x.textconv difftool.x.cmd filter.x.clean filter.x.process› %v%
        git            ## git config ‹filter.x.smudge gpg.program gpg.x.program merge.x.driver mergetool.x.cmd pager.log› %v%
        git            ## git config ‹remote.x.receivepack remote.x.uploadpack sequence.editor submodule.x.update› %v%
        git *          ## git -C /srv rebase ‹-x --exec› "make %v%" main
        git            ## git -C /srv submodule foreach "git checkout %v%"
        hg *           ## hg clone ‹-e --remotecmd --ssh› "ssh -p %v%" x
        hg --config    ## hg --config ‹alias.x extensions.x hooks.x ui.editor ui.ssh›=%v% pull
        tar *          ## tar -x ‹--checkpoint-action --info-script --new-volume-script --rsh-command --to-command›="tool %v%"
        tar *          ## tar -x ‹-F -I --use-compress-program› "tool %v%"
        zip *          ## zip -T ‹-TT --unzip-command› "unzip -tqq %v%" a.zip
        wget *         ## wget ‹-e --execute --use-askpass› "%v%" http://x
        *              ## ‹bmake gmake make remake› deploy TAG=%v%
        make           ## make -C x %v%
        make           ## make deploy-%v%
        make *         ## make ‹-E --eval› "x:;rm %v%"
        make           ## TAG=%v% make
        make           ## sudo TAG=%v% make
        make           ## env TAG=%v% nice make
        make           ## export TAG=%v%; make
        make           ## TAG=%v%; export TAG; make
        ansible *      ## ansible all ‹-a --args -e --extra-vars› "tag=%v%"
        ansible-playbook * ## ansible-playbook site.yml ‹-e --extra-vars› tag=%v%
        * -c           ## ‹ex gvim nvim vi view vim› -c "e %v%" x
        vim --cmd      ## vim --cmd "e %v%" x
        vim            ## vim "+e %v%" x
        emacs *        ## emacs ‹--eval --execute› "(x %v%)"
        gdb *          ## gdb -batch ‹-ex --ex -iex -eval-command --eval-command› "print %v%" x
        lldb *         ## lldb ‹-O -o --one-line --one-line-before-file› "print %v%" x
        *              ## ‹sed gsed› -i "s/VERSION/%v%/" file
        sed *          ## sed -n ‹-e --expression› "s/VERSION/%v%/p" file
        sed -e         ## sed -ne "s/VERSION/%v%/p" file
        sed --expression ## sed --expression="s/VERSION/%v%/p" file
        *              ## ‹awk gawk mawk nawk› "{print %v%}" file
        awk *          ## awk ‹-e --source› "{print %v%}" file
        *              ## ‹jq yq› ".tag = \"%v%\"" file
        jq             ## jq ‹--arg --argjson --rawfile --slurpfile› a b ".tag = \"%v%\"" file
        yq --expression ## yq --expression ".tag = \"%v%\"" file
        dc *           ## dc ‹-e --expression› "%v% p"
        gnuplot -e     ## gnuplot -e "x = %v%" plot
        * -c           ## ‹python pypy python3.12› -c "print('%v%')"
        python -c      ## python ‹-W -X› x -c "print('%v%')"
        python -c      ## python -Ic "print('%v%')"
        perl *         ## perl ‹-E -e› "print '%v%'"
        perl -e        ## perl -pi -ne "s/x/%v%/" file
        perl -e        ## perl -I x -e "print '%v%'"
        perl *         ## perl ‹-M -m›%v% -e 1
        ruby -e        ## ruby -e "puts '%v%'"
        ruby -e        ## ruby ‹-I -r› x -e "puts '%v%'"
        * -e           ## ‹node nodejs bun› -e "x('%v%')"
        node -e        ## node ‹-r --require› x -e "x('%v%')"
        node *         ## node ‹-p -pe --eval --print› "x('%v%')"
        deno           ## deno eval "x('%v%')"
        php *          ## php ‹-B -E -R -r› "x('%v%');"
        * -e           ## ‹lua luajit› -e "x('%v%')"
        lua -e         ## lua -l x -e "x('%v%')"
        expect -c      ## expect -c "spawn ssh %v%"
        * -e           ## ‹R Rscript› -e "x('%v%')"
        julia *        ## julia ‹-E -e --eval --print› "x(%v%)"
        groovy -e      ## groovy -e "x(%v%)"
        elixir *       ## elixir ‹-e --eval› "x(%v%)"
        erl -eval      ## erl -noshell -eval "x(%v%)."
        guile -c       ## guile -c "(x %v%)"
        pwsh *         ## pwsh ‹-c -Command› "x %v%"
        psql *         ## psql -X ‹-c --command› "delete from %v%"
        psql --command ## psql --command="delete from %v%"
        psql -c        ## psql -Atc "delete from %v%"
        * -e           ## ‹mariadb mysql› -e "drop table %v%"
        mysql *        ## mysql ‹--execute --init-command›="drop table %v%"
        sqlite3        ## sqlite3 -separator , db "drop table %v%"
        sqlite3 -cmd   ## sqlite3 -cmd ".open %v%" db
        duckdb         ## duckdb db "drop table %v%"
        duckdb *       ## duckdb ‹-c -cmd› "drop table %v%"
        * --eval       ## ‹mongo mongosh› --eval "db.%v%.drop()"
        redis-cli      ## redis-cli -n 1 ‹eval EVAL› "return %v%" 0
        redis-cli      ## redis-cli ‹-a -h -n -p -s -u --user --pass› x eval "return %v%" 0
        clickhouse-client * ## clickhouse-client ‹-q --query› "drop table %v%"
        cqlsh *        ## cqlsh ‹-e --execute› "drop table %v%"
        sqlcmd *       ## sqlcmd ‹-Q -q› "drop table %v%"
        | *            ## echo "rm %v%" | ‹sh ash bash csh dash fish ksh mksh rbash tcsh zsh›
        | sh           ## echo "rm %v%" | sh /dev/stdin
        | sh           ## sh <<< "rm %v%"
        | bash         ## echo "rm %v%" | sort | sudo bash -s
        | bash         ## cat <<< "rm %v%" | bash -o pipefail
        | bash         ## bash < <(echo "rm %v%")
        bash           ## bash <(echo "rm %v%")
        *              ## ‹. source› <(printf 'rm %s' %v%)
        | *            ## echo "rm %v%" | ‹. source› /dev/stdin
        | ssh          ## echo "rm %v%" | ssh host 'bash -s'
        | ssh          ## echo "rm %v%" | ssh -p 22 host
        | sg           ## echo "rm %v%" | sg docker sh
        | *            ## echo "rm %v%" | ‹at batch› now + 1 minute
        | at           ## at now <<< "rm %v%"
        | crontab      ## echo "* * * * * rm %v%" | crontab -u deploy -
        | parallel     ## echo "rm %v%" | parallel -j 2
        | *            ## echo "!rm %v%" | ‹ftp sftp lftp› host
        | *            ## echo "x %v%" | ‹ex ed› -s file
        | *            ## echo "x %v%" | ‹gdb lldb› -q x
        | *            ## echo "x %v%" | ‹dc m4 gnuplot›
        | *            ## echo "x %v%" | ‹python3 pypy perl ruby node nodejs bun lua luajit expect tclsh julia› -
        | *            ## echo "x %v%" | ‹psql mariadb mysql sqlite3 duckdb mongo mongosh› db
        | *            ## echo "x %v%" | ‹clickhouse-client cqlsh sqlcmd› -h x
        | psql         ## { echo a; echo "x %v%"; } | psql
        | sh           ## (cd x; echo "rm %v%") | sh
        | sh           ## for h in a b; do if true; then echo "rm %v%"; fi; done | sh
        sh             ## { echo a; { echo "rm %v%"; echo b; }; } > x.sh; sh x.sh
        xargs          ## echo %v% | xargs rm
        xargs          ## echo %v% | xargs -n10 rm
        sh -c          ## printf '%s\0' %v% | xargs -0 -I{} sh -c "rm {}"
        sh -c          ## printf '%s\0' %v% | xargs -0r -I @ sh -c "rm @"
        sh             ## echo "rm %v%" > x.sh; sh ./x.sh
        sh             ## echo "rm %v%" | sort >> "$f" && sudo sh -e "$f" a
        ./x.sh         ## echo "rm %v%" | tee x.sh; chmod +x x.sh; ./x.sh
        .              ## echo "TAG=%v%" >> .env; . ./.env
        | sh           ## echo "rm %v%" > x; sh < x
        python3        ## echo "x(%v%)" > x.py; python3 x.py
        crontab        ## echo "* * * * * rm %v%" > tab; crontab tab
        * -f           ## echo "x %v%" > x; ‹at sed gsed awk gawk mawk nawk jq yq php psql› -f x
        * --file       ## echo "x %v%" > x; ‹sed awk psql› --file=x
        jq --from-file ## echo "x %v%" > x; jq --from-file x
        ssh            ## path=%v%; ssh host "rm $path"
        sh -c          ## export path="/srv/%v%"; sh -c "rm ${path}"
        | sh           ## p=%v%; echo "rm $p" | sh
        bash's arithmetic ## n=%v%; echo $((n + 1))
        bash's arithmetic ## n=%v%; let m=n+1
        bash's arithmetic ## n=%v%; if [[ $n -eq 1 ]]; then ls; fi
        """;

    private const string Harmless = """
        sh -c 'rm "$1"' sh %v%
        sh deploy.sh -c %v%
        ‹sh bash› deploy.sh %v%
        ls | xargs -I{} echo %v%
        sudo %v%
        %v%
        ssh host true; echo %v%
        ssh %v%
        ssh -p %v% host
        ssh ‹-B -b -c -D -E -e -F -I -i -J -L -l -m -O -p -Q -R -S -W -w› x %v%
        ssh -o ConnectTimeout=%v% -o User=%v% host
        ‹scp sftp sshfs› -o User=%v% -P %v% host:
        scp %v% host:
        printf '%s\n' %v% | ssh host 'read -r value; rm "$value"'
        printf '%s\0' %v% | xargs -0 rm
        printf '%s\0' %v% | xargs ‹--null -0r -r0t -d,› rm
        printf '%s\0' %v% | xargs -0 -I{} sh -c 'rm "$1"' sh {}
        printf '%s\n' %v% | sh deploy.sh
        printf '%s\n' %v% | sh -c cat
        echo %v% || sh -c ls
        echo %v%; sh -c ls
        echo %v%; { echo a; } | sh
        { echo %v%; }; echo a | sh
        (echo %v%); (echo a) | sh
        for h in %v%; do echo a; done; { echo a; } | sh
        ‹bzcat cat curl gunzip gzip head mysqldump pg_dump tail wget xzcat zcat zstdcat› %v% | sh
        cat %v% > x.sh; sh x.sh
        echo sh -c %v%
        echo 'sh -c' %v%
        git checkout %v% # sh -c "%v%"
        n=%v%; case $n in ''|*[!0-9]*) exit 1 ;; esac; echo $((n + 1))
        n=%v%; case $n in ''|*[!0-9]*) exit 1 ;; esac; sh -c "exit $n"
        n=%v%; echo $((m + 1))
        v=%v%; sh -c 'rm "$1"' sh "$v"
        v=%v%; sh -c 'rm $v'
        v=%v%; sh -c "rm $w"
        TAG=%v% docker compose up
        EDITORS=%v% git log
        echo EDITOR=%v%
        eval 'rm "$v"' # %v%
        eval "`cat %v%`"
        eval "$(aws ecr get-login %v%)"
        trap 'exit 1' %v%
        test -n %v%
        printf %s -v %v%
        read -r ‹-d -i -n -N -p -t -u› "%v%" x
        mapfile -t lines < %v%
        sh -c ls %v%
        su %v%
        flock %v% ls
        sg %v%
        env TAG=%v% ls
        split %v%
        watch ‹-n --interval› %v% ls
        watch ‹-x --exec› ls %v%
        parallel ‹-a --arg-file --delay -j --jobs --joblog --timeout› %v% echo
        echo %v% | parallel echo
        pdsh ‹-f -g -l -t -u -w -x› %v% uptime
        at %v%
        echo %v% | at -f x now
        echo %v% | crontab ‹-e -l -r›
        crontab -u %v% tab
        echo %v% | crontab -u deploy tab
        rsync -az %v% host:
        rsync -azP --exclude=%v% a host:
        git -c user.name=%v% commit
        git -c user.name=core.sshCommand=%v% commit
        git switch -c %v%
        git fetch origin %v%
        git ‹-C --git-dir --namespace --work-tree› %v% fetch
        git ‹-C -c --git-dir --namespace --work-tree› ‹clone config rebase› log --exec %v% -x %v% -u %v% core.sshCommand %v%
        git ‹-C -c --git-dir --namespace --work-tree› submodule foreach %v%
        git clone -b %v% https://x
        git clone -c user.name=%v% https://x
        git clone https://x/%v%
        git config user.name %v%
        git config --get core.sshCommand; echo %v%
        git rebase %v%
        git submodule update %v%
        git submodule add foreach %v%
        git log --exec=%v%
        hg --config ui.username=%v% pull
        hg update %v%
        tar -czf %v% --exclude=%v% x
        zip %v% x
        wget -O %v% http://x
        make ‹-C --directory -f --file --makefile -I --include-dir -o --old-file -W --what-if› %v%
        make -j%v%
        TAG=%v%; make
        cmake -DTAG=%v%
        ansible %v% -m ping
        ansible-playbook -l %v% site.yml
        vim %v%
        emacs %v%
        gdb %v%
        sed ‹-f --file› script %v%
        sed s/x/y/ %v%
        sed -e s/x/y/ %v%
        awk ‹-F -v› name=%v% '{print name}' file
        awk ‹-f --file› script %v%
        jq ‹--arg --argjson --rawfile --slurpfile› name %v% '.name = $name' file
        jq ‹--indent -L› %v% . file
        jq ‹-f --from-file› script %v%
        dc %v%
        python deploy.py -c %v%
        python ‹-W -X› %v% deploy.py
        python -m tool -c %v%
        echo %v% | python -m json.tool
        echo %v% | python deploy.py
        perl deploy.pl -e %v%
        perl -I %v% deploy.pl
        perl -ne print %v%
        echo %v% | perl -ne print
        ruby deploy.rb -e %v%
        ruby ‹-I -r› %v% deploy.rb
        node deploy.js -e %v%
        node ‹-r --require› %v% deploy.js
        bun run %v%
        lua deploy.lua -e %v%
        lua -l %v% deploy.lua
        php deploy.php -r %v%
        php -f deploy.php -r %v%
        deno run x eval %v%
        expect deploy.exp -c %v%
        Rscript deploy.R %v%
        julia deploy.jl %v%
        psql -h %v% -v tag=%v%
        echo %v% | psql ‹-f --file› x
        echo %v% | psql -c ls
        mysql -h %v% -e ls
        sqlite3 %v%
        sqlite3 ‹-init -newline -nullvalue -separator -vfs› x %v%
        echo %v% | sqlite3 db ls
        duckdb %v%
        redis-cli ‹-a -h -n -p -s -u --user --pass› eval x %v%
        redis-cli eval 'return 1' 0 %v%
        redis-cli set x %v%
        mongosh %v%
        echo %v% > version; sh deploy.sh version
        sh x.sh; echo %v% > x.sh
        echo %v% > y.sh; sh x.sh
        echo %v% 2> x.sh; cat x.sh
        echo %v% > x.sh; echo a > x.sh; cat x.sh
        """;

    internal static IEnumerable<(string Reader, string Command)> OfFound =>
        from line in Lines(Found)
        let parts = line.Split("##", StringSplitOptions.TrimEntries)
        from expanded in Expanded(parts[1])
        select (expanded.Words.Aggregate(parts[0], Filled), expanded.Command);

    internal static IEnumerable<string> OfHarmless =>
        from line in Lines(Harmless)
        from expanded in Expanded(line)
        select expanded.Command;

    internal static IReadOnlyList<SecondLevelUse> Find(string command) => Find(command, SecondLevel.Known);

    internal static IReadOnlyList<SecondLevelUse> Find(string command, SecondLevel level) =>
        level.Find(CommandTemplate.Parse(command));

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Select(line => line.Trim());

    private static string Filled(string reader, string word) =>
        reader.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star
            ? $"{reader[..star]}{word}{reader[(star + 1)..]}"
            : reader;

    private static IEnumerable<(string Command, string[] Words)> Expanded(string command)
    {
        var start = command.IndexOf('‹', StringComparison.Ordinal);
        if (start < 0)
        {
            return [(command, [])];
        }

        var end = command.IndexOf('›', StringComparison.Ordinal);
        return from word in command[(start + 1)..end].Split(' ')
            from rest in Expanded(command[..start] + word + command[(end + 1)..])
            select (rest.Command, new[] { word }.Concat(rest.Words).ToArray());
    }
}
