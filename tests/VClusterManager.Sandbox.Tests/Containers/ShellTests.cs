using System.Text;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Containers;
using VClusterManager.Sandbox.Containers.Programs;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Tests.Containers;

public sealed class ShellTests
{
    private readonly RunningContainer _container = new(
        new StoredObject((JsonObject)JsonNode.Parse("""{"metadata":{"name":"p","namespace":"n"}}""")!, 1),
        (JsonObject)JsonNode.Parse("""{"name":"c","env":[{"name":"OWN","value":"mine"}]}""")!,
        TimeProvider.System
    );

    [Theory]
    [InlineData("echo one; echo two", "one\ntwo\n", 0)]
    [InlineData("false && echo no", "", 1)]
    [InlineData("false || echo yes", "yes\n", 0)]
    [InlineData("true && exit 7; echo never", "", 7)]
    [InlineData("false; echo $?", "1\n", 0)]
    [InlineData("echo \"$OWN and ${HOSTNAME}\" '$OWN'", "mine and p $OWN\n", 0)]
    [InlineData("echo a > /tmp/f; echo b >> /tmp/f; cat /tmp/f", "a\nb\n", 0)]
    [InlineData("echo piped | cat", "piped\n", 0)]
    [InlineData("cd /tmp && pwd", "/tmp\n", 0)]
    [InlineData("mkdir -p /a/b && touch /a/b/c && ls /a/b", "c\n", 0)]
    [InlineData("test -d /tmp && [ -f /etc/hostname ] && echo both", "both\n", 0)]
    [InlineData("echo hidden >&2; echo shown", "shown\n", 0)]
    [InlineData("cat /none 2>/dev/null || echo missing # a comment", "missing\n", 0)]
    [InlineData("nosuch", "", 127)]
    [InlineData("sh -c 'exit 5'", "", 5)]
    public async Task A_script_does_what_it_does_elsewhere(string script, string output, int code)
    {
        var (shown, left) = await RunAsync("sh", "-c", script);
        shown.ShouldBe(output);
        left.ShouldBe(code);
    }

    [Fact]
    public async Task What_one_tar_packs_another_unpacks()
    {
        await RunAsync("sh", "-c", "mkdir -p /from/sub /to; echo one > /from/a; echo two > /from/sub/b");
        var archive = new MemoryStream();
        await _container.Run(
            ["tar", "cf", "-", "-C", "/", "from"],
            new Standard(Stream.Null, archive, Stream.Null),
            default
        )!;
        archive.Position = 0;

        var code = await _container.Run(
            ["tar", "-xmf", "-", "-C", "/to"],
            new Standard(archive, Stream.Null, Stream.Null),
            default
        )!;

        code.ShouldBe(0);
        (await RunAsync("cat", "/to/from/a", "/to/from/sub/b")).Output.ShouldBe("one\ntwo\n");
    }

    private async Task<(string Output, int Code)> RunAsync(params string[] words)
    {
        var output = new MemoryStream();
        var code = await _container.Run(words, new Standard(Stream.Null, output, Stream.Null), default)!;
        return (Encoding.UTF8.GetString(output.ToArray()), code);
    }
}
