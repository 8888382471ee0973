using VCluster.StandIn.CommandLine;
using VCluster.StandIn.Verbs;

namespace VClusterManager.Sandbox.Tests.StandIn;

public sealed class CommandLineTests
{
    private static readonly List<Flag> Flags =
    [
        .. CommandHelp.Flags(CommandHelp.Text("create", "/home/.vcluster/config.json")),
    ];

    [Fact]
    public void The_flags_are_those_of_the_help()
    {
        Flags.Single(flag => flag.Name == "connect").ShouldBe(new Flag("connect", null, FlagKind.Switch, "true"));
        Flags.Single(flag => flag.Name == "namespace").ShouldBe(new Flag("namespace", 'n', FlagKind.Text));
        Flags.Single(flag => flag.Name == "values").ShouldBe(new Flag("values", 'f', FlagKind.Many));
        Flags.Single(flag => flag.Name == "chart-version").Default.ShouldBe("0.34.7");
        Flags.Single(flag => flag.Name == "config").Default.ShouldBe("/home/.vcluster/config.json");
        Flags.Single(flag => flag.Name == "labels").IsForPlatform.ShouldBeTrue();
    }

    [Fact]
    public void Every_way_to_write_a_flag_is_understood()
    {
        var parsed = ParsedArguments.Parse(
            Flags,
            ["demo", "-n", "a", "--connect=false", "-fone", "-f=two", "--values", "three", "--upgrade", "--", "-x"]
        );
        parsed.Names.ShouldBe(["demo", "-x"]);
        parsed.DashAt.ShouldBe(1);
        parsed.Text("namespace").ShouldBe("a");
        parsed.IsSet("connect").ShouldBeFalse();
        parsed.IsSet("upgrade").ShouldBeTrue();
        parsed.IsSet("create-namespace").ShouldBeTrue();
        parsed.All("values").ShouldBe(["one", "two", "three"]);
    }

    [Theory]
    [InlineData("unknown flag: --bogus", "--bogus")]
    [InlineData("unknown flag: --bogus", "--bogus=1")]
    [InlineData("unknown shorthand flag: 'x' in -x", "-x")]
    [InlineData("flag needs an argument: --namespace", "--namespace")]
    [InlineData("flag needs an argument: 'n' in -n", "-n")]
    [InlineData(
        "invalid argument \"maybe\" for \"--connect\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax",
        "--connect=maybe"
    )]
    [InlineData("bad flag syntax: --=x", "--=x")]
    public void What_cannot_be_understood_is_refused_in_the_words_of_the_real_one(
        string message,
        params string[] words
    ) => Should.Throw<UsageException>(() => ParsedArguments.Parse(Flags, words)).Message.ShouldBe(message);

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(250, "4m10s")]
    [InlineData(3_000, "50m")]
    [InlineData(10_800, "3h")]
    [InlineData(15_000, "4h10m")]
    [InlineData(100_000, "27h")]
    [InlineData(200_000, "2d7h")]
    [InlineData(900_000, "10d")]
    public void Ages_get_coarser_as_they_grow(int seconds, string text) =>
        HumanDuration.Text(TimeSpan.FromSeconds(seconds)).ShouldBe(text);
}
