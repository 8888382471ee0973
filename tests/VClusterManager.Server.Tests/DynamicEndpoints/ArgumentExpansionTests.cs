using System.Text;
using CsCheck;
using Shouldly;
using VClusterManager.Server.DynamicEndpoints.Definitions;
using VClusterManager.Server.DynamicEndpoints.Running;
using VClusterManager.Server.Processes;
using VClusterManager.Server.Tests.Processes;
using Xunit;

namespace VClusterManager.Server.Tests.DynamicEndpoints;

/// <summary>Whatever values come: each arrives whole in its one place, or the call is refused.</summary>
public sealed class ArgumentExpansionTests
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Every kind of place that a value can have.</summary>
    private static readonly EndpointDefinition s_endpoint = EndpointFiles.One(
        EndpointFiles.With(
            """
            command: dump
            args: [first, "--flag={flag}", "{word}", "pre{mid}post", "{twice}{twice}", "{many}", --, "{behind}"]
            parameters:
              flag: { required: true, max_length: 1048576 }
              word: { required: true, max_length: 1048576 }
              mid: { required: true, max_length: 1048576 }
              twice: { required: true, max_length: 1048576 }
              many: { type: list, required: true, max_length: 1048576 }
              behind: { required: true, max_length: 1048576 }
              maybe: { args: [--with, "--maybe={maybe}"], max_length: 1048576 }
              switch: { type: boolean, args: [--on] }
            """
        )
    );

    private static readonly string[] s_hostile =
    [
        "",
        "-",
        "--",
        "-x",
        "--kubeconfig=/etc/passwd",
        "--token",
        "\0",
        "a\0b",
        "\n",
        "a\nb\r\nc",
        "$(touch /tmp/owned)",
        "`id`",
        "${IFS}",
        "; rm -rf /",
        "| cat",
        "&& id",
        "'",
        "\"",
        "\\",
        "a b",
        " ",
        "\t",
        "*",
        "~",
        "%s%n",
        "{word}",
        "{{flag}}",
        "\u202Egnp.exe",
        "\u2212x",
        "\uFF0D\uFF0Dtoken",
        "\u00AD-x",
        "\uFEFF-x",
        "e\u0301",
        "\U0001F4A9",
        "\uD800",
        "\uDC00",
        "a\uD83Db",
        "\uDC00\uD800",
        "\u007F",
        "\u0085",
        "\u2028",
        "\e[31m",
        new('x', 131_071),
        new('x', 131_072),
        new('\u20AC', 43_690),
        new('\u20AC', 43_691),
        new('x', 1024 * 1024),
        "-" + new string('x', 1024 * 1024),
    ];

    private static readonly Gen<string> s_value = Gen.Frequency(
        (20, Gen.String[Gen.Char.AlphaNumeric, 1, 12]),
        (10, Gen.String[Gen.Char["-=/ \0\n\"'$`\\{}ab\u00e9\u20ac\ud83d\ude00"], 0, 8]),
        (5, Gen.String),
        (8, Gen.OneOf(s_hostile.Where(h => h.Length < 1000).ToArray())),
        (1, Gen.Frequency((30, Gen.Const("y")), (1, Gen.OneOf(s_hostile.Where(h => h.Length >= 1000).ToArray()))))
    );

    private static readonly Gen<Case> s_cases = Gen.Select(
        s_value.Array[5],
        s_value.Array[0, 4],
        s_value.Null(),
        Gen.Bool,
        (single, many, maybe, on) => new Case(single, many, maybe, on)
    );

    [Fact]
    public void Of_100_000_calls_each_value_is_whole_in_its_one_place_or_the_call_is_refused()
    {
        var (made, refused) = (0, 0);
        s_cases.Sample(
            one =>
            {
                var expected = one.Expected();
                var outcome = ArgumentExpansion.Expand(s_endpoint, one.Values());
                if (one.MustBeRefused(expected))
                {
                    Interlocked.Increment(ref refused);
                    return outcome.Problem is { Errors.Count: 1 };
                }

                Interlocked.Increment(ref made);
                return outcome.Problem is null && outcome.Value.Arguments.SequenceEqual(expected);
            },
            iter: 100_000
        );

        // Otherwise nothing would have been tested.
        made.ShouldBeGreaterThan(10_000);
        refused.ShouldBeGreaterThan(10_000);
    }

    [Fact]
    public async Task A_real_program_sees_what_was_given_byte_for_byte()
    {
        using ToolBench bench = new();
        var seen = 0;
        await s_cases.SampleAsync(
            async one =>
            {
                var outcome = ArgumentExpansion.Expand(s_endpoint, one.Values());
                if (outcome.Problem is not null)
                {
                    return true;
                }

                Interlocked.Increment(ref seen);
                return (await DumpAsync(bench, outcome.Value.Arguments)).SequenceEqual(one.Expected());
            },
            iter: 1_000,
            threads: 2
        );

        seen.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task A_real_program_sees_each_hostile_value_that_is_not_refused()
    {
        using ToolBench bench = new();
        foreach (var hostile in s_hostile)
        {
            Case one = new(["--", hostile, hostile, hostile, hostile], [hostile, "x"], hostile, On: true);
            one = one with { Single = [hostile, "word", hostile, "twice", hostile], Many = ["x"] };
            var outcome = ArgumentExpansion.Expand(s_endpoint, one.Values());
            if (outcome.Problem is null)
            {
                (await DumpAsync(bench, outcome.Value.Arguments)).ShouldBe(one.Expected());
            }
            else
            {
                one.MustBeRefused(one.Expected()).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void What_is_put_in_is_not_looked_at_again()
    {
        Case one = new(["{word}", "w", "{{", "}", "{behind}"], ["{many}"], null, On: false);

        var arguments = ArgumentExpansion.Expand(s_endpoint, one.Values()).Value.Arguments;

        arguments.ShouldBe(["first", "--flag={word}", "w", "pre{{post", "}}", "{many}", "--", "{behind}"]);
    }

    [Fact]
    public void Stdin_is_text_with_values_or_the_body()
    {
        var endpoint = EndpointFiles.One(
            EndpointFiles.With(
                """
                method: POST
                args: [apply, "--filename=-"]
                stdin: "{text}\n"
                parameters:
                  text: { in: body, required: true }
                """
            )
        );

        ArgumentExpansion.Expand(endpoint, Values(("text", "-x\0y"))).Value.Input.ShouldBe("-x\0y\n");
        ArgumentExpansion.Expand(endpoint, Values(("text", "\uD800"))).Problem.ShouldNotBeNull();
    }

    private static ParameterValues Values(params (string Name, string Value)[] values) =>
        new(values.ToDictionary(v => v.Name, v => (IReadOnlyList<string>)[v.Value]));

    private static async Task<List<string>> DumpAsync(ToolBench bench, IReadOnlyList<string> arguments)
    {
        using MemoryStream output = new();
        var result = await bench.RunAsync(
            new ToolCall
            {
                Executable = "/usr/bin/printf",
                Arguments = ["%s\\0", .. arguments],
                Timeout = TimeSpan.FromSeconds(30),
                TakeOutput = bytes => output.WriteAsync(bytes),
            }
        );
        result.ExitCode.ShouldBe(0, result.Error);
        return [.. s_strict.GetString(output.ToArray()).Split('\0')[..^1]];
    }

    /// <param name="Single">For flag, word, mid, twice and behind.</param>
    private sealed record Case(string[] Single, string[] Many, string? Maybe, bool On)
    {
        public ParameterValues Values()
        {
            Dictionary<string, IReadOnlyList<string>> values = new()
            {
                ["flag"] = [Single[0]],
                ["word"] = [Single[1]],
                ["mid"] = [Single[2]],
                ["twice"] = [Single[3]],
                ["behind"] = [Single[4]],
                ["many"] = Many,
                ["switch"] = [On ? "true" : "false"],
            };
            if (Maybe is not null)
            {
                values["maybe"] = [Maybe];
            }

            return new ParameterValues(values);
        }

        public List<string> Expected() =>
            [
                "first",
                "--flag=" + Single[0],
                Single[1],
                "pre" + Single[2] + "post",
                Single[3] + Single[3],
                .. Many,
                .. Maybe is null ? (string[])[] : ["--with", "--maybe=" + Maybe],
                .. On ? (string[])["--on"] : [],
                "--",
                Single[4],
            ];

        public bool MustBeRefused(List<string> expected) =>
            Many.Append(Single[1]).Append(Single[3]).Any(v => v.StartsWith('-') || v.Length == 0)
            || Single[4].Length == 0
            || expected.Exists(a => a.Contains('\0') || Bytes(a) is null or > 131_071)
            || expected.Sum(a => Bytes(a) + 1) > 1024 * 1024;

        private static int? Bytes(string text)
        {
            try
            {
                return s_strict.GetByteCount(text);
            }
            catch (EncoderFallbackException)
            {
                return null;
            }
        }
    }
}
