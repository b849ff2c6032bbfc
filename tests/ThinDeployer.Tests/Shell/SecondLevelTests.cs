using CsCheck;
using ThinDeployer.Shell;

namespace ThinDeployer.Tests.Shell;

public sealed class SecondLevelTests
{
    private static readonly string[] Fragments =
    [
        .. "% %v% sh -c ssh xargs eval sed -e n= -o a ' \" \\ ` $ $( $(( )) ( ) { } ${ ; ;; & && | || < > <<< << <<- >&- 2>&1 # \n".Split(
            ' '
        ),
        .. new[] { " ", "\n", "\t", "\\\n", "[[ n ]]", "let n", "case $n in", "🐢", "\0" },
    ];

    public static IEnumerable<object[]> Found => CodeCases.OfFound.Select(each => new[] { each.Reader, each.Command });

    public static TheoryData<string> Harmless => [.. CodeCases.OfHarmless];

    [Theory]
    [MemberData(nameof(Found))]
    public void A_value_that_is_read_as_code_again_is_found_with_its_reader(string reader, string command)
    {
        var use = Assert.Single(CodeCases.Find(command));

        Assert.Equal(reader, use.Reader.Name);
        Assert.DoesNotContain(CodeReader.AnyPlaceholder, use.Reader.CureFor("%v%"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Harmless))]
    public void A_value_that_stays_data_is_not(string command)
    {
        Assert.Empty(CodeCases.Find(command));
    }

    [Fact]
    public void Each_entry_of_the_table_is_needed_by_a_case()
    {
        string[] needless =
        [
            .. Without(CodeTable.Known).Where(less => !IsMissed(less.Table, less.About)).Select(less => less.What),
        ];

        Assert.True(needless.Length == 0, $"No case needs {string.Join("; ", needless)}");
    }

    [Fact]
    public void The_cure_names_the_placeholder()
    {
        var use = Assert.Single(CodeCases.Find("sh -c \"rm %path%\""));

        Assert.StartsWith(
            "hand it over as an argument: sh -c '… \"$1\" …' sh %path%, or give it",
            use.Reader.CureFor("%path%")
        );
    }

    [Theory]
    [InlineData("crontab <<< '%v%'")]
    [InlineData("make %v%")]
    [InlineData("ssh -o ProxyCommand=%v% host")]
    [InlineData("PAGER=%v% git log")]
    public void Where_nothing_else_can_be_written_the_cure_is_a_pattern(string command)
    {
        var use = Assert.Single(CodeCases.Find(command));

        Assert.Equal(CodeReader.ByPattern, use.Reader.CureFor("%v%"));
    }

    [Theory]
    [InlineData("sudo a %v% ")]
    [InlineData("a %v%;")]
    [InlineData("echo %v% | sh >x;sh x;")]
    [InlineData("v=%v%;sh -c $v;")]
    [InlineData("(%v% ")]
    [InlineData("export a=%v%;make;")]
    public void A_long_command_is_searched_in_a_moment(string unit)
    {
        var command = string.Concat(Enumerable.Repeat(unit, (1 << 14) / unit.Length));
        var started = ComputingTime.Now;

        CodeCases.Find(command);

        Assert.True(ComputingTime.Now - started < TimeSpan.FromSeconds(5), "It takes more than linear time.");
    }

    [Fact]
    public void Each_place_is_found_for_itself()
    {
        var uses = CodeCases.Find("echo %a%; ssh host \"%a% %b%\"; echo %b%");

        Assert.Equal([("a", 20), ("b", 24)], uses.Select(use => (use.Placeholder.Name, use.Placeholder.Index)));
    }

    [Fact]
    public void No_command_makes_the_search_throw() =>
        Gen.OneOf(Fragments)
            .Array[0, 40]
            .Select(string.Concat)
            .Sample(
                command =>
                    CodeCases
                        .Find(command)
                        .All(use =>
                            command[use.Placeholder.Index..]
                                .StartsWith($"%{use.Placeholder.Name}%", StringComparison.Ordinal)
                        ),
                iter: Math.Max(Check.Iter, 2_000)
            );

    /// <summary>The table without each of its entries in turn, and the words of which one is in every case of the entry.</summary>
    private static IEnumerable<(CodeTable Table, string What, string[] About)> Without(CodeTable table) =>
        [
            .. Less(table.Shells).Select(less => (table with { Shells = less.List }, less.Entry, new[] { less.Entry })),
            .. Less(table.Wrappers)
                .Select(less => (table with { Wrappers = less.List }, less.Entry, new[] { less.Entry })),
            .. Less(table.Variables)
                .Select(less => (table with { Variables = less.List }, less.Entry, new[] { less.Entry })),
            .. Less(table.Fetchers)
                .Select(less => (table with { Fetchers = less.List }, less.Entry, new[] { less.Entry })),
            .. table.Rows.SelectMany(
                (row, index) =>
                    Without(row)
                        .Select(less =>
                            (
                                table with
                                {
                                    Rows = [.. table.Rows.Select((other, at) => at == index ? less.Row : other)],
                                },
                                $"{row.Programs} {row.Subcommand}: {less.What}",
                                CodeRow.List(row.Programs)
                            )
                        )
            ),
        ];

    private static IEnumerable<(CodeRow Row, string What)> Without(CodeRow row)
    {
        var lists = Less(row.Programs)
            .Select(less => (row with { Programs = less.List }, less.Entry))
            .Concat(Less(row.Options).Select(less => (row with { Options = less.List }, less.Entry)))
            .Concat(Less(row.Settings).Select(less => (row with { Settings = less.List }, less.Entry)))
            .Concat(Less(row.Keys).Select(less => (row with { Keys = less.List }, less.Entry)))
            .Concat(Less(row.Named).Select(less => (row with { Named = less.List }, less.Entry)))
            .Concat(Less(row.Prefixes).Select(less => (row with { Prefixes = less.List }, less.Entry)))
            .Concat(Less(row.Values).Select(less => (row with { Values = less.List }, less.Entry)))
            .Concat(Less(row.Pairs).Select(less => (row with { Pairs = less.List }, less.Entry)))
            .Concat(Less(row.Instead).Select(less => (row with { Instead = less.List }, less.Entry)))
            .Concat(Less(row.Subcommand, '|').Select(less => (row with { Subcommand = less.List }, less.Entry)));
        (CodeRow Row, string What)[] facts =
        [
            (row with { Operands = CodeOperands.None }, "Operands"),
            (row with { Input = CodeRow.Never }, "Input"),
            (row with { OptionsFirst = false }, "OptionsFirst"),
            (row with { Environment = false }, "Environment"),
        ];
        return lists.Concat(facts.Where(less => less.Row != row));
    }

    private static IEnumerable<(string List, string Entry)> Less(string list, char separator = ' ')
    {
        var entries = list.Split(separator, StringSplitOptions.RemoveEmptyEntries);
        return entries.Select(entry => (string.Join(separator, entries.Where(other => other != entry)), entry));
    }

    private static bool IsMissed(CodeTable table, string[] about)
    {
        var level = new SecondLevel(new CodeReaders(table));
        return CodeCases
                .OfFound.Where(each => IsAbout(each.Command))
                .Any(each => CodeCases.Find(each.Command, level) is not [var use] || use.Reader.Name != each.Reader)
            || CodeCases.OfHarmless.Where(IsAbout).Any(command => CodeCases.Find(command, level).Count > 0);

        bool IsAbout(string command) => about.Any(word => command.Contains(word, StringComparison.Ordinal));
    }
}
