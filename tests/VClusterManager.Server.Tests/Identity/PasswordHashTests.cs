using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Shouldly;
using VClusterManager.Server.Identity;
using Xunit;

namespace VClusterManager.Server.Tests.Identity;

public sealed class PasswordHashTests
{
    [Fact]
    public void A_hash_fits_its_password_and_no_other()
    {
        var hash = PasswordHash.Of("correct horse");

        PasswordHash.IsUsable(hash).ShouldBeTrue();
        PasswordHash.IterationsOf(hash).ShouldBe(PasswordHash.Iterations);
        PasswordHash.Verify(hash, "correct horse").ShouldBeTrue();
        PasswordHash.Verify(hash, "correct horses").ShouldBeFalse();
        PasswordHash.Of("correct horse").ShouldNotBe(hash);
    }

    [Fact]
    public void A_hash_of_nothing_fits_no_password_and_costs_the_same()
    {
        var hash = PasswordHash.Of("correct horse");
        var nothing = PasswordHash.LikeButOfNothing(hash);

        PasswordHash.Verify(nothing, "correct horse").ShouldBeFalse();
        PasswordHash.IterationsOf(nothing).ShouldBe(PasswordHash.IterationsOf(hash));
        PasswordHash.IsUsable(nothing).ShouldBeTrue();
    }

    [Theory]
    [InlineData(PasswordHasherCompatibilityMode.IdentityV2, 1000)]
    [InlineData(PasswordHasherCompatibilityMode.IdentityV3, 1000)]
    [InlineData(PasswordHasherCompatibilityMode.IdentityV3, 99_999)]
    public void Hashes_that_are_too_easy_to_guess_are_not_taken(PasswordHasherCompatibilityMode mode, int iterations)
    {
        PasswordHasher<string> hasher = new(
            Options.Create(new PasswordHasherOptions { CompatibilityMode = mode, IterationCount = iterations })
        );

        PasswordHash.IsUsable(hasher.HashPassword("", "correct horse")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("correct horse")]
    [InlineData("AQAAAAIAAYag")]
    [InlineData("$2b$12$abcdefghijklmnopqrstuv")]
    public void What_is_no_hash_is_not_taken(string text) => PasswordHash.IsUsable(text).ShouldBeFalse();

    [Fact]
    public void The_verb_reads_a_password_and_writes_its_hash_alone()
    {
        using StringWriter output = new();
        using StringWriter error = new();

        HashPassword.Run([], new StringReader("correct horse\nmore\n"), output, error).ShouldBe(0);

        PasswordHash.Verify(output.ToString().Trim(), "correct horse").ShouldBeTrue();
        error.ToString().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(2, "usage:", "correct horse")]
    [InlineData(2, "usage:", "--help")]
    public void The_verb_takes_no_password_as_an_argument(int code, string words, params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();

        HashPassword.Run(args, TextReader.Null, output, error).ShouldBe(code);
        error.ToString().ShouldContain(words);
        output.ToString().ShouldBeEmpty();
    }

    [Fact]
    public void The_verb_takes_no_short_password()
    {
        using StringWriter error = new();

        HashPassword.Run([], new StringReader("short\n"), TextWriter.Null, error).ShouldBe(1);
        HashPassword.Run([], TextReader.Null, TextWriter.Null, error).ShouldBe(1);
        error.ToString().ShouldContain("at least 8");
    }
}
